#include "common/webhook/secrets.hpp"

#include "common/webhook/ascii.hpp"
#include "common/webhook/base64.hpp"
#include "common/webhook/split_list.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

namespace webhook {
namespace {

constexpr std::string_view encoded_prefix = "whsec_";
constexpr std::string_view demo_secret = "dev-secret";

std::string name_of(std::size_t index)
{
    return "secret " + std::to_string(index + 1);
}

std::span<const std::uint8_t> bytes_of(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Bytes that are wiped when they are no longer needed.
class wiped_bytes
{
public:
    explicit wiped_bytes(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
    wiped_bytes(const wiped_bytes&) = delete;
    wiped_bytes& operator=(const wiped_bytes&) = delete;
    ~wiped_bytes() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    std::span<const std::uint8_t> get() const { return bytes_; }

private:
    std::vector<std::uint8_t> bytes_;
};

// What is wrong with the list as a whole, or with a secret's characters.
std::optional<secrets_error> problem_of(const std::vector<std::string_view>& parts)
{
    if (parts.empty())
        return secrets_error{"there is no secret"};
    if (parts.size() > secrets_max)
        return secrets_error{"there are " + std::to_string(parts.size()) + " secrets; at most " +
                             std::to_string(secrets_max) + " are accepted"};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!visible_ascii(parts[i]))
            return secrets_error{name_of(i) + " holds a character that is not visible ASCII"};
        const auto first = std::find(parts.begin(), parts.end(), parts[i]) - parts.begin();
        if (static_cast<std::size_t>(first) != i)
            return secrets_error{name_of(i) + " is the same as " + name_of(static_cast<std::size_t>(first))};
    }
    return std::nullopt;
}

} // namespace

struct secrets::entry
{
    keyed_hmac seed;
    keyed_hmac standard;
    std::size_t key_bytes; // of scheme 2
    bool demo;
};

secrets::secrets(std::vector<std::unique_ptr<entry>> entries) : entries_(std::move(entries)) {}
secrets::secrets(secrets&&) noexcept = default;
secrets& secrets::operator=(secrets&&) noexcept = default;
secrets::~secrets() = default;

boost::system::result<secrets, secrets_error> secrets::parse(std::string_view text)
{
    const auto parts = split_list(text);
    if (auto problem = problem_of(parts))
        return *std::move(problem);
    std::vector<std::unique_ptr<entry>> entries;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto literal = bytes_of(parts[i]);
        if (!parts[i].starts_with(encoded_prefix)) {
            const bool demo = parts[i] == demo_secret;
            entries.push_back(std::make_unique<entry>(
                entry{keyed_hmac{literal}, keyed_hmac{literal}, literal.size(), demo}));
            continue;
        }
        auto decoded = from_base64(parts[i].substr(encoded_prefix.size()));
        if (!decoded || decoded->empty())
            return secrets_error{name_of(i) + " is malformed: after `whsec_` comes base64 with its padding"};
        const wiped_bytes key{*std::move(decoded)};
        entries.push_back(std::make_unique<entry>(
            entry{keyed_hmac{literal}, keyed_hmac{key.get()}, key.get().size(), false}));
    }
    return secrets{std::move(entries)};
}

secrets secrets::copy() const
{
    std::vector<std::unique_ptr<entry>> entries;
    entries.reserve(entries_.size());
    for (const auto& each : entries_)
        entries.push_back(std::make_unique<entry>(
            entry{each->seed.copy(), each->standard.copy(), each->key_bytes, each->demo}));
    return secrets{std::move(entries)};
}

std::size_t secrets::size() const
{
    return entries_.size();
}

digest secrets::seed_digest(std::size_t index, std::string_view timestamp, std::string_view key)
{
    return entries_[index]->seed({timestamp, ".", key});
}

digest secrets::standard_digest(std::size_t index, std::string_view id, std::string_view timestamp,
                                std::string_view body)
{
    return entries_[index]->standard({id, ".", timestamp, ".", body});
}

std::vector<std::string> secrets::warnings() const
{
    std::vector<std::string> sentences;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i]->demo)
            sentences.push_back(name_of(i) + " is the demo's `dev-secret`, which everyone knows");
        else if (entries_[i]->key_bytes < secret_recommended_bytes_min)
            sentences.push_back(name_of(i) + " is shorter than the " +
                                std::to_string(secret_recommended_bytes_min) + " bytes that are recommended");
    }
    return sentences;
}

} // namespace webhook
