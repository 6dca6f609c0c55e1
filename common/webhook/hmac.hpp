#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

struct evp_mac_ctx_st; // OpenSSL's EVP_MAC_CTX, so that who includes this needs no OpenSSL header

namespace webhook {

using digest = std::array<std::uint8_t, 32>; // HMAC-SHA256

// HMAC-SHA256 under one key, which OpenSSL keeps prepared and wipes at the end. Move-only. Not thread-safe.
class keyed_hmac
{
public:
    // `key` may be wiped as soon as this returns. Throws std::runtime_error when OpenSSL fails.
    explicit keyed_hmac(std::span<const std::uint8_t> key);

    // Another one under the same key. Throws std::runtime_error when OpenSSL fails.
    keyed_hmac copy() const;

    // The HMAC of `parts` joined without anything in between. Throws std::runtime_error when OpenSSL fails.
    digest operator()(std::initializer_list<std::string_view> parts);

private:
    struct free_context
    {
        void operator()(evp_mac_ctx_st* context) const;
    };
    using context = std::unique_ptr<evp_mac_ctx_st, free_context>;
    explicit keyed_hmac(context prepared) : context_(std::move(prepared)) {}

    context context_;
};

// True when both are the same, in a time that does not depend on where they differ.
bool same_digest(const digest& left, const digest& right);

} // namespace webhook
