#include "tests/integration/support/http_client.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace integration {

namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::size_t parse_size(std::string_view text, int base)
{
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size())
        throw std::runtime_error("the peer sent a malformed length: " + std::string(text));
    return value;
}

// Waits for an event on a socket; throws when none comes in time.
short wait_for(int socket, short events, std::chrono::milliseconds timeout)
{
    pollfd entry{socket, events, 0};
    int ready = 0;
    do
        ready = ::poll(&entry, 1, static_cast<int>(timeout.count()));
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        throw std::runtime_error("the peer took longer than " + std::to_string(timeout.count()) + " ms");
    return entry.revents;
}

// A connected non-blocking socket, or -1 with errno.
int connect_to(const addrinfo& target, std::chrono::milliseconds timeout)
{
    const int socket = ::socket(target.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0)
        return -1;
    int error = ::connect(socket, target.ai_addr, target.ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        pollfd entry{socket, POLLOUT, 0};
        socklen_t length = sizeof error;
        if (::poll(&entry, 1, static_cast<int>(timeout.count())) <= 0)
            error = ETIMEDOUT;
        else
            ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
    }
    if (error == 0)
        return socket;
    ::close(socket);
    errno = error;
    return -1;
}

// The status and the headers of a response head.
reply parse_head(std::string_view head)
{
    reply result;
    auto line_end = head.find("\r\n");
    const auto status_line = head.substr(0, line_end);
    if (!status_line.starts_with("HTTP/1.1 ") || status_line.size() < 12)
        throw std::runtime_error("not a response: " + std::string(status_line));
    result.status = static_cast<unsigned>(parse_size(status_line.substr(9, 3), 10));
    while (line_end != std::string_view::npos) {
        head.remove_prefix(line_end + 2);
        line_end = head.find("\r\n");
        const auto line = head.substr(0, line_end);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        auto value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        result.fields.push_back({lower(line.substr(0, colon)), std::string(value)});
    }
    return result;
}

} // namespace

origin origin::parse(std::string_view url)
{
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme))
        throw std::runtime_error("not an http:// URL: " + std::string(url));
    url.remove_prefix(scheme.size());
    const auto authority = url.substr(0, url.find('/'));
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos)
        return {std::string(authority), "80"};
    return {std::string(authority.substr(0, colon)), std::string(authority.substr(colon + 1))};
}

std::string origin::url(std::string_view target) const
{
    return "http://" + authority() + std::string(target);
}

std::string reply::value(std::string_view name) const
{
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [name](const header& field) { return field.name == name; });
    return found == fields.end() ? "" : found->value;
}

std::string request_bytes(const origin& peer, std::string_view method, std::string_view target,
                          const headers& fields, std::string_view body)
{
    std::string bytes;
    bytes.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(peer.authority());
    if (!body.empty() || method == "POST")
        bytes.append("\r\nContent-Length: ").append(std::to_string(body.size()));
    for (const auto& field : fields)
        bytes.append("\r\n").append(field.name).append(": ").append(field.value);
    return bytes.append("\r\n\r\n").append(body);
}

connection::connection(const origin& peer, std::chrono::milliseconds timeout) : timeout_(timeout)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(peer.host.c_str(), peer.port.c_str(), &hints, &found); error != 0)
        throw std::runtime_error(peer.authority() + ": " + ::gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    for (const auto* each = found; each != nullptr && socket_ < 0; each = each->ai_next)
        socket_ = connect_to(*each, timeout);
    if (socket_ < 0)
        throw std::system_error(errno, std::generic_category(), "connect to " + peer.authority());
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

connection::~connection()
{
    ::close(socket_);
}

connection::progress connection::fill()
{
    if (ended_)
        return progress::ended;
    wait_for(socket_, POLLIN, timeout_);
    char buffer[16'384];
    const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count > 0)
        received_.append(buffer, static_cast<std::size_t>(count));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        ended_ = true;
    return ended_ ? progress::ended : progress::more;
}

void connection::write(std::string_view bytes)
{
    while (!bytes.empty() && !ended_) {
        const auto ready = wait_for(socket_, POLLIN | POLLOUT, timeout_);
        if ((ready & POLLIN) != 0) {
            fill();
            continue;
        }
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0)
            bytes.remove_prefix(static_cast<std::size_t>(count));
        else if (errno != EAGAIN && errno != EINTR)
            return; // an answer may still be waiting to be read
    }
}

void connection::half_close()
{
    ::shutdown(socket_, SHUT_WR);
}

bool connection::fill_until_contains(std::string_view text, std::size_t from)
{
    while (received_.find(text, from) == std::string::npos) {
        if (fill() == progress::ended)
            return received_.find(text, from) != std::string::npos;
    }
    return true;
}

bool connection::fill_until_size(std::size_t size)
{
    while (received_.size() < size) {
        if (fill() == progress::ended)
            return received_.size() >= size;
    }
    return true;
}

std::optional<std::string> connection::read_chunks(std::size_t at, std::size_t& end)
{
    std::string body;
    while (fill_until_contains("\r\n", at)) {
        const auto line_end = received_.find("\r\n", at);
        const auto size = parse_size(std::string_view(received_).substr(at, line_end - at), 16);
        at = line_end + 2;
        if (!fill_until_size(at + size + 2))
            return std::nullopt;
        body.append(received_, at, size);
        at += size + 2;
        end = at;
        if (size == 0)
            return body;
    }
    return std::nullopt;
}

std::optional<reply> connection::read(bool of_head_request)
{
    if (!fill_until_contains("\r\n\r\n", 0))
        return std::nullopt;
    const auto body_at = received_.find("\r\n\r\n") + 4;
    auto result = parse_head(std::string_view(received_).substr(0, body_at - 4));
    auto end = body_at;
    const bool has_body = !of_head_request && result.status >= 200 && result.status != 204;
    if (has_body && lower(result.value("transfer-encoding")) == "chunked") {
        auto body = read_chunks(body_at, end);
        if (!body)
            return std::nullopt;
        result.body = std::move(*body);
    }
    else if (has_body && !result.value("content-length").empty()) {
        end += parse_size(result.value("content-length"), 10);
        if (!fill_until_size(end))
            return std::nullopt;
        result.body = received_.substr(body_at, end - body_at);
    }
    else if (has_body)
        throw std::runtime_error("a response without a length");
    received_.erase(0, end);
    return result;
}

bool connection::ends_within(std::chrono::milliseconds wait)
{
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (!ended_) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd entry{socket_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) <= 0)
            return false;
        fill();
    }
    return true;
}

reply ask(const origin& peer, std::string_view method, std::string_view target, const headers& fields,
          std::string_view body)
{
    connection link(peer);
    link.write(request_bytes(peer, method, target, fields, body));
    auto answer = link.read(method == "HEAD");
    if (!answer)
        throw std::runtime_error("no whole response to " + std::string(method) + " " + std::string(target));
    return std::move(*answer);
}

reply post_json(const origin& peer, std::string_view target, std::string_view body)
{
    return ask(peer, "POST", target, {{"Content-Type", "application/json"}}, body);
}

std::optional<reply> ask_raw(const origin& peer, std::string_view bytes)
{
    connection link(peer);
    link.write(bytes);
    return link.read();
}

} // namespace integration
