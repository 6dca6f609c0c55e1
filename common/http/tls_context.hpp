#pragma once

#include "common/http/url.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <string>

namespace http {

// The context of every outgoing TLS connection: version 1.2 or later, the peer's certificate verified against
// the authorities of `ca_file` (PEM; empty for none). Throws std::runtime_error naming the file when it
// cannot be read.
boost::asio::ssl::context make_tls_context(const std::string& ca_file);

// Adds the system's authorities. They are some hundred certificates, which take tens of milliseconds and a
// few MiB, so that only who makes a TLS connection calls it, and once. A system that has none makes every
// handshake fail, which then says so.
void trust_system_authorities(boost::asio::ssl::context& context);

// Makes the handshake of `session` ask for `target`'s host (SNI, names only: RFC 6066, 3) and accept only a
// certificate for it. Throws std::bad_alloc.
void expect_host(SSL* session, const url& target);

// Why a handshake failed, for people: what is wrong with the certificate, or what `error` says.
std::string handshake_failure(SSL* session, const boost::system::error_code& error);

} // namespace http
