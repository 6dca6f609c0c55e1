#pragma once

#include "common/http/url.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <string>

namespace http {

// The context of every outgoing TLS connection: version 1.2 or later, the peer's certificate verified against
// the system's authorities and those of `ca_file` (PEM; empty for none). Throws std::runtime_error naming the
// file when it cannot be read.
boost::asio::ssl::context make_tls_context(const std::string& ca_file);

// Makes the handshake of `session` ask for `target`'s host (SNI, names only: RFC 6066, 3) and accept only a
// certificate for it. Throws std::bad_alloc.
void expect_host(SSL* session, const url& target);

// Why a handshake failed, for people: what is wrong with the certificate, or what `error` says.
std::string handshake_failure(SSL* session, const boost::system::error_code& error);

} // namespace http
