#pragma once

#include "common/webhook/hmac.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace webhook {

inline constexpr std::size_t secrets_max = 8;
inline constexpr std::size_t secret_recommended_bytes_min = 16;

// Why a text is not a list of secrets, for the operator; never contains any part of a secret.
struct secrets_error
{
    std::string detail;
};

// One to eight shared secrets, each with its keyed HMAC contexts kept, so that signing does not derive the
// key again. Move-only. Not thread-safe: each thread that signs or verifies owns one of its own.
class secrets
{
public:
    // Reads one to eight secrets separated by commas or white space. `whsec_<base64>` is decoded for scheme
    // 2 (Standard Webhooks 1.0.0); anything else is used as it is. Fails on none, on more than eight, on the
    // same secret twice, on a malformed or empty `whsec_` and on bytes that are not visible ASCII.
    // Keeps no copy of `text` or of a secret but OpenSSL's, which is wiped when this object ends; `text` is
    // the caller's to wipe. Throws std::runtime_error when OpenSSL fails.
    static boost::system::result<secrets, secrets_error> parse(std::string_view text);

    secrets(secrets&&) noexcept;
    secrets& operator=(secrets&&) noexcept;
    ~secrets();

    // The same secrets for another thread. Throws std::runtime_error when OpenSSL fails.
    secrets copy() const;

    std::size_t size() const;

    // HMAC-SHA256 under the secret's literal bytes (scheme 1) of `<timestamp>.<key>`.
    // `index` < size(). Throws std::runtime_error when OpenSSL fails.
    digest seed_digest(std::size_t index, std::string_view timestamp, std::string_view key);

    // HMAC-SHA256 under the secret's decoded bytes (scheme 2) of `<id>.<timestamp>.<body>`.
    // `index` < size(). Throws std::runtime_error when OpenSSL fails.
    digest standard_digest(std::size_t index, std::string_view id, std::string_view timestamp,
                           std::string_view body);

    // What the operator should be told at start, one sentence each: a secret under 16 bytes, or the demo's
    // own `dev-secret`. Names a secret by its place (1-based), never by its text. Of a `whsec_` the decoded
    // bytes count.
    std::vector<std::string> warnings() const;

private:
    struct entry;
    explicit secrets(std::vector<std::unique_ptr<entry>> entries);

    std::vector<std::unique_ptr<entry>> entries_;
};

} // namespace webhook
