#include "tests/integration/support/api.hpp"

#include "tests/integration/support/eventually.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace integration {

namespace {

reply expect(unsigned status, reply answer)
{
    if (answer.status != status)
        throw std::runtime_error("expected " + std::to_string(status) + " and got " + shown(answer));
    return answer;
}

std::string path(std::string_view prefix, std::string_view user)
{
    return std::string(prefix).append(user);
}

boost::json::array items(const reply& answer)
{
    const auto page = object_of(answer);
    return page.at("items").as_array();
}

} // namespace

boost::json::object object_of(const reply& answer)
{
    boost::system::error_code error;
    auto value = boost::json::parse(answer.body, error);
    if (error || !value.is_object())
        throw std::runtime_error("not a JSON object: " + shown(answer));
    return std::move(value.as_object());
}

std::string text_of(const boost::json::object& object, std::string_view member)
{
    const auto* value = object.if_contains(member);
    if (value == nullptr || !value->is_string())
        throw std::runtime_error("no text \"" + std::string(member) + "\" in " +
                                 boost::json::serialize(object));
    return std::string(value->as_string());
}

std::string text_of(const boost::json::value& object, std::string_view member)
{
    return text_of(object.as_object(), member);
}

bool is_problem(const reply& answer, unsigned status)
{
    if (answer.status != status || answer.value("content-type") != "application/problem+json")
        return false;
    const auto problem = object_of(answer);
    const auto* number = problem.if_contains("status");
    return number != nullptr && *number == status && !text_of(problem, "title").empty() &&
           !text_of(problem, "type").empty() && !text_of(problem, "detail").empty();
}

std::string shown(const reply& answer)
{
    return std::to_string(answer.status) + " " + answer.value("content-type") + "\n" + answer.body;
}

namespace sender_api {

void register_user(const origin& sender, std::string_view user, std::string_view callback_url)
{
    boost::json::object body;
    body["callbackUrl"] = callback_url;
    expect(200, post_json(sender, path("/ticketmaster/register/", user), boost::json::serialize(body)));
}

std::string start(const origin& sender, std::string_view user)
{
    const auto answer = expect(200, ask(sender, "POST", path("/ticketmaster/start/", user)));
    return text_of(object_of(answer), "sessionId");
}

void unregister(const origin& sender, std::string_view user)
{
    expect(204, ask(sender, "DELETE", path("/ticketmaster/register/", user)));
}

boost::json::object status(const origin& sender, std::string_view user)
{
    return object_of(expect(200, get(sender, path("/ticketmaster/status/", user))));
}

boost::json::object status_when(const origin& sender, std::string_view user, std::string_view state)
{
    boost::json::object last;
    const bool reached = eventually([&] {
        last = status(sender, user);
        return text_of(last, "status") == state;
    });
    if (!reached)
        throw std::runtime_error("never " + std::string(state) + ": " + boost::json::serialize(last));
    return last;
}

boost::json::array deliveries(const origin& sender, std::string_view user)
{
    return items(expect(200, get(sender, path("/ticketmaster/deliveries?userId=", user))));
}

std::optional<boost::json::object> delivery_of(const origin& sender, std::string_view user,
                                               std::string_view session)
{
    for (const auto& each : deliveries(sender, user)) {
        if (text_of(each, "sessionId") == session)
            return each.as_object();
    }
    return std::nullopt;
}

boost::json::object delivery_when(const origin& sender, std::string_view user, std::string_view session,
                                  std::string_view state)
{
    std::optional<boost::json::object> last;
    const bool reached = eventually([&] {
        last = delivery_of(sender, user, session);
        return last && text_of(*last, "status") == state;
    });
    if (!reached)
        throw std::runtime_error("never " + std::string(state) + ": " +
                                 (last ? boost::json::serialize(*last) : "no delivery"));
    return delivery(sender, text_of(*last, "id"));
}

boost::json::object delivery(const origin& sender, std::string_view id)
{
    return object_of(expect(200, get(sender, path("/ticketmaster/deliveries/", id))));
}

} // namespace sender_api

namespace receiver_api {

boost::json::array inbox(const origin& receiver, std::string_view user)
{
    const auto answer = expect(200, get(receiver, path("/user-app/inbox/", user)));
    return boost::json::parse(answer.body).as_array();
}

boost::json::array inbox_when(const origin& receiver, std::string_view user, std::size_t count)
{
    boost::json::array last;
    const bool reached = eventually([&] {
        last = inbox(receiver, user);
        return last.size() >= count;
    });
    if (!reached)
        throw std::runtime_error("the inbox of " + std::string(user) + " never held " +
                                 std::to_string(count) + ": " + boost::json::serialize(last));
    return last;
}

boost::json::array events(const origin& receiver, std::string_view user)
{
    return items(expect(200, get(receiver, path("/user-app/events?userId=", user))));
}

boost::json::object event(const origin& receiver, std::string_view id)
{
    return object_of(expect(200, get(receiver, path("/user-app/events/", id))));
}

} // namespace receiver_api

} // namespace integration
