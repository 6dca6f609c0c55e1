#include "tests/integration/http/client_authority.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace client_test {

namespace {

void require(bool done)
{
    if (!done)
        throw std::runtime_error("OpenSSL cannot make the test's certificates");
}

key_handle make_key()
{
    key_handle key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr);
    require(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

// An unsigned certificate of `key` whose life began two hours ago.
certificate_handle make_certificate(EVP_PKEY* key, const char* common_name, long serial, long seconds)
{
    certificate_handle certificate(X509_new());
    require(certificate != nullptr);
    require(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    require(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial) == 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7'200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
    require(X509_set_pubkey(certificate.get(), key) == 1);
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                                       reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0) == 1);
    return certificate;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key)
{
    require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
    require(X509_sign(certificate, key, EVP_sha256()) > 0);
}

template <class Write>
std::string pem(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    require(memory != nullptr && write(memory.get()) == 1);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

identity pem_of(X509* certificate, EVP_PKEY* key)
{
    identity both;
    both.certificate = pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
    both.key = pem(
        [&](BIO* out) { return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
    return both;
}

} // namespace

test_authority::test_authority(const char* name)
    : key_(make_key()),
      certificate_(make_certificate(key_.get(), name, 1, 3'600))
{
    add_extension(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign");
    sign(certificate_.get(), certificate_.get(), key_.get());

    auto path = (std::filesystem::temp_directory_path() / "client-authority-XXXXXX").string();
    const int file = ::mkstemp(path.data());
    require(file != -1);
    ::close(file);
    file_ = path;
    std::ofstream(file_) << pem_of(certificate_.get(), key_.get()).certificate;
}

test_authority::~test_authority()
{
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

identity test_authority::issue(const std::string& name, long seconds) const
{
    const auto key = make_key();
    const auto certificate = make_certificate(key.get(), "test server", 2, seconds);
    add_extension(certificate.get(), certificate_.get(), NID_subject_alt_name, name);
    sign(certificate.get(), certificate_.get(), key_.get());
    return pem_of(certificate.get(), key.get());
}

identity test_authority::self_signed(const std::string& name)
{
    const auto key = make_key();
    const auto certificate = make_certificate(key.get(), "test server", 3, 3'600);
    add_extension(certificate.get(), certificate.get(), NID_subject_alt_name, name);
    sign(certificate.get(), certificate.get(), key.get());
    return pem_of(certificate.get(), key.get());
}

} // namespace client_test
