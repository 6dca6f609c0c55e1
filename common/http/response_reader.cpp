#include "common/http/response_reader.hpp"

#include "common/http/chunks.hpp"
#include "common/http/transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>

namespace http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::size_t retry_after_length_max = 64; // a date has 29 characters
constexpr std::string_view protocol = "HTTP/1.";

// A Beast body that keeps the first bytes for people and drops the rest.
struct kept_body
{
    using value_type = std::string;

    class reader
    {
    public:
        template <bool IsRequest, class Fields>
        reader(beast::http::header<IsRequest, Fields>&, value_type& kept) : kept_(kept)
        {}

        void init(const boost::optional<std::uint64_t>&, beast::error_code& error) { error = {}; }

        template <class Buffers>
        std::size_t put(const Buffers& buffers, beast::error_code& error)
        {
            error = {};
            std::size_t size = 0;
            for (auto part = asio::buffer_sequence_begin(buffers); part != asio::buffer_sequence_end(buffers);
                 ++part) {
                const asio::const_buffer bytes = *part;
                const auto room = response_kept_bytes_max - kept_.size();
                kept_.append(static_cast<const char*>(bytes.data()), std::min(room, bytes.size()));
                size += bytes.size();
            }
            return size;
        }

        void finish(beast::error_code& error) { error = {}; }

    private:
        value_type& kept_;
    };
};

} // namespace

struct response_reader::parts
{
    std::optional<beast::http::response_parser<kept_body>> parser;
    std::string pending; // not consumed by the parser yet
    std::size_t body_bytes = 0;
    unsigned informational = 0;
    bool line_taken = false; // has the parser consumed the status line?
    progress now = progress::head;
    bool heard = false;
    bool whole = false;
    std::optional<std::string> retry_after;
    std::string problem;

    void start();
    void refuse(std::string why);
    bool parse_head();
    void parse_body();
    bool end_is_certain() const;
};

// Makes ready for a head: the first one, or the one after a 1xx.
void response_reader::parts::start()
{
    parser.emplace();
    line_taken = false;
    parser->header_limit(static_cast<std::uint32_t>(response_head_bytes_max));
    parser->body_limit(boost::none); // a body too large is cut by us, not an error
}

void response_reader::parts::refuse(std::string why)
{
    now = progress::malformed;
    problem = std::move(why);
}

// Tries to take a head out of `pending`; true when one was taken and another must follow it (after a 1xx).
bool response_reader::parts::parse_head()
{
    const auto begin = std::string_view(pending).substr(0, protocol.size());
    if (!line_taken && !protocol.starts_with(begin))
    { // the parser would wait for the end of a head that never comes
        refuse("the response is not HTTP/1.x");
        return false;
    }
    beast::error_code error;
    const auto used = parser->put(asio::buffer(pending), error);
    pending.erase(0, used);
    line_taken = line_taken || used > 0;
    if (error == beast::http::error::header_limit ||
        (error == beast::http::error::need_more && pending.size() >= response_head_bytes_max))
    {
        refuse("the response's head is larger than 16 KiB");
        return false;
    }
    if (error == beast::http::error::need_more)
        return false;
    if (error) {
        refuse("the response's head is not HTTP/1.x: " + error.message());
        return false;
    }
    const auto status = parser->get().result_int();
    if (status >= 200) {
        now = progress::body;
        const auto wait = parser->get()[beast::http::field::retry_after];
        if (!wait.empty() && wait.size() <= retry_after_length_max)
            retry_after.emplace(wait.data(), wait.size());
        parser->eager(true);
        return false;
    }
    if (status < 100 || status == 101 || ++informational > informational_responses_max) {
        refuse(status == 101 ? "the response switches protocols, which was not asked for"
                             : "the response is preceded by too many informational ones");
        return false;
    }
    start();
    return !pending.empty();
}

void response_reader::parts::parse_body()
{
    beast::error_code error;
    const bool too_short = parser->chunked() && pending.size() < chunk_rest_bytes_min &&
                           pending.find_first_not_of("0\r\n") == std::string::npos;
    if (!pending.empty() && !too_short && !parser->is_done())
        pending.erase(0, parser->put(asio::buffer(pending), error));
    whole = parser->is_done() && body_bytes <= response_read_bytes_max;
    const bool broken = error && error != beast::http::error::need_more;
    if (parser->is_done() || broken || body_bytes >= response_read_bytes_max)
        now = progress::finished;
}

// False where two readers of the same bytes could disagree about the end of the body (RFC 9112, 6.3).
bool response_reader::parts::end_is_certain() const
{
    const auto& head = parser->get();
    if (head.count(beast::http::field::transfer_encoding) > 0 &&
        (head.count(beast::http::field::content_length) > 0 || head.version() < 11))
        return false;
    return !parser->need_eof();
}

response_reader::response_reader() : parts_(std::make_unique<parts>())
{
    parts_->start();
}

response_reader::~response_reader() = default;

response_reader::progress response_reader::feed(std::string_view bytes)
{
    auto& my = *parts_;
    my.heard = my.heard || !bytes.empty();
    if (my.now == progress::finished || my.now == progress::malformed)
        return my.now;
    my.pending.append(bytes);
    if (my.now == progress::head) {
        while (my.parse_head())
            ;
        if (my.now != progress::body)
            return my.now;
        my.body_bytes = my.pending.size();
    }
    else {
        my.body_bytes += bytes.size();
    }
    my.parse_body();
    return my.now;
}

response_reader::progress response_reader::state() const
{
    return parts_->now;
}

bool response_reader::heard() const
{
    return parts_->heard;
}

unsigned response_reader::status() const
{
    return parts_->parser->get().result_int();
}

const std::optional<std::string>& response_reader::retry_after() const
{
    return parts_->retry_after;
}

const std::string& response_reader::body() const
{
    return parts_->parser->get().body();
}

bool response_reader::leaves_connection_reusable() const
{
    return parts_->whole && parts_->pending.empty() && parts_->parser->keep_alive() &&
           parts_->end_is_certain();
}

const std::string& response_reader::problem() const
{
    return parts_->problem;
}

} // namespace http
