#include "common/http/tls_context.hpp"

#include "common/http/address_literal.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <new>
#include <stdexcept>

namespace http {

namespace ssl = boost::asio::ssl;

ssl::context make_tls_context(const std::string& ca_file)
{
    ssl::context context(ssl::context::tls_client);
    auto* const native = context.native_handle();
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1)
        throw std::runtime_error("this OpenSSL cannot be held to TLS 1.2 or later");
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS); // an idle connection keeps no 16 KiB buffers
    context.set_verify_mode(ssl::verify_peer);
    if (ca_file.empty())
        return context;
    boost::system::error_code error;
    context.load_verify_file(ca_file, error);
    if (error)
        throw std::runtime_error("cannot read certificates from " + ca_file + ": " + error.message());
    return context;
}

void trust_system_authorities(ssl::context& context)
{
    boost::system::error_code ignored;
    context.set_default_verify_paths(ignored);
}

void expect_host(SSL* session, const url& target)
{
    bool done = false;
    if (const auto address = address_literal(target.host)) {
        auto* const expected = SSL_get0_param(session);
        if (address->is_v4()) {
            const auto bytes = address->to_v4().to_bytes();
            done = X509_VERIFY_PARAM_set1_ip(expected, bytes.data(), bytes.size()) == 1;
        }
        else {
            const auto bytes = address->to_v6().to_bytes();
            done = X509_VERIFY_PARAM_set1_ip(expected, bytes.data(), bytes.size()) == 1;
        }
    }
    else {
        const std::string name(target.bare_host());
        SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        done =
            SSL_set_tlsext_host_name(session, name.c_str()) == 1 && SSL_set1_host(session, name.c_str()) == 1;
    }
    if (!done)
        throw std::bad_alloc(); // the one way in which these can fail
}

std::string handshake_failure(SSL* session, const boost::system::error_code& error)
{
    if (const auto verdict = SSL_get_verify_result(session); verdict != X509_V_OK)
        return std::string("the certificate is not accepted: ") + X509_verify_cert_error_string(verdict);
    if (error == boost::asio::error::eof || error == ssl::error::stream_truncated)
        return "the connection was closed during the TLS handshake";
    return "the TLS handshake failed: " + error.message();
}

} // namespace http
