#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace client_test {

struct evp_pkey_free
{
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct x509_free
{
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using key_handle = std::unique_ptr<EVP_PKEY, evp_pkey_free>;
using certificate_handle = std::unique_ptr<X509, x509_free>;

// What a server shows: its certificate and the key to it, as PEM.
struct identity
{
    std::string certificate;
    std::string key;
};

// A certificate authority of the test's own, whose certificate lies in a temporary file.
class test_authority
{
public:
    explicit test_authority(const char* name = "waiting-room test authority");
    ~test_authority();

    test_authority(const test_authority&) = delete;
    test_authority& operator=(const test_authority&) = delete;

    std::string file() const { return file_.string(); }

    // A certificate for `name` ("DNS:localhost", "IP:127.0.0.1") that ends `seconds` from now.
    identity issue(const std::string& name, long seconds = 3'600) const;

    // The same, signed by itself and not by the authority.
    static identity self_signed(const std::string& name);

private:
    key_handle key_;
    certificate_handle certificate_;
    std::filesystem::path file_;
};

} // namespace client_test
