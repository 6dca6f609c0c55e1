#include "common/webhook/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>
#include <string>

namespace webhook {
namespace {

struct free_mac
{
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};

void require(bool succeeded, const char* what)
{
    if (!succeeded)
        throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

} // namespace

void keyed_hmac::free_context::operator()(evp_mac_ctx_st* context) const
{
    EVP_MAC_CTX_free(context);
}

keyed_hmac::keyed_hmac(std::span<const std::uint8_t> key)
{
    const std::unique_ptr<EVP_MAC, free_mac> mac{EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr)};
    require(mac != nullptr, "EVP_MAC_fetch");
    context_.reset(EVP_MAC_CTX_new(mac.get()));
    require(context_ != nullptr, "EVP_MAC_CTX_new");
    std::string hash = OSSL_DIGEST_NAME_SHA2_256;
    const std::array<OSSL_PARAM, 2> params{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash.data(), 0), OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(context_.get(), key.data(), key.size(), params.data()) == 1, "EVP_MAC_init");
}

keyed_hmac keyed_hmac::copy() const
{
    context same{EVP_MAC_CTX_dup(context_.get())};
    require(same != nullptr, "EVP_MAC_CTX_dup");
    return keyed_hmac{std::move(same)};
}

digest keyed_hmac::operator()(std::initializer_list<std::string_view> parts)
{
    // Without a key, EVP_MAC_init starts a new message under the key that the context has.
    require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1, "EVP_MAC_init");
    for (const auto part : parts) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(part.data());
        require(EVP_MAC_update(context_.get(), bytes, part.size()) == 1, "EVP_MAC_update");
    }
    digest result{};
    std::size_t length = 0;
    require(EVP_MAC_final(context_.get(), result.data(), &length, result.size()) == 1, "EVP_MAC_final");
    require(length == result.size(), "EVP_MAC_final");
    return result;
}

bool same_digest(const digest& left, const digest& right)
{
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace webhook
