#include "tests/integration/support/service.hpp"

#include "tests/integration/support/environment.hpp"
#include "tests/integration/support/eventually.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/parse.hpp>

#include <csignal>
#include <stdexcept>
#include <unistd.h>

namespace integration {

namespace {

child start(which side, const settings& values, const std::vector<std::string>& wrapper)
{
    if (wrapper.empty())
        return child(executable(side), {}, values);
    std::vector<std::string> arguments(wrapper.begin() + 1, wrapper.end());
    arguments.push_back(executable(side).string());
    return child(wrapper.front(), arguments, values);
}

} // namespace

std::filesystem::path executable(which side)
{
    if (side == which::sender)
        return variable("SENDER_EXECUTABLE").value_or(SENDER_EXECUTABLE);
    return variable("RECEIVER_EXECUTABLE").value_or(RECEIVER_EXECUTABLE);
}

settings test_settings(which side, const temporary_folder& folder, const settings& changes)
{
    settings values{{"WEBHOOK_SHARED_SECRET", std::string(test_secret)}, {"LOG_FORMAT", "json"}};
    if (side == which::sender) {
        values["SENDER_LISTEN"] = "127.0.0.1:0";
        values["SENDER_DATABASE"] = "sqlite:" + (folder.path() / "sender.db").string();
        values["SENDER_WAITING_AFTER_MS"] = "300";
        values["SENDER_READY_AFTER_MS"] = "800";
        values["SENDER_RETRY_BASE_MS"] = "100";
        values["SENDER_RETRY_MAX_MS"] = "1000";
        values["SENDER_RETRY_ATTEMPTS"] = "1000";
    }
    else {
        values["RECEIVER_LISTEN"] = "127.0.0.1:0";
        values["RECEIVER_DATABASE"] = "sqlite:" + (folder.path() / "receiver.db").string();
    }
    for (const auto& [name, value] : changes)
        values[name] = value;
    return values;
}

service::service(which side, const settings& values, const std::vector<std::string>& wrapper)
    : process_(start(side, values, wrapper))
{
    const auto line = log_line("listening");
    address_ = origin::parse("http://" + std::string(line.at("address").as_string()));
}

boost::json::object service::log_line(std::string_view name)
{
    eventually([&] { return find_log_line(process_.errors(), name) || process_.wait({}); });
    const auto found = find_log_line(process_.errors(), name);
    if (!found)
        throw std::runtime_error("no " + std::string(name) + " in the log:\n" + process_.errors());
    return *found;
}

std::optional<boost::json::object> find_log_line(std::string_view log, std::string_view event)
{
    for (auto end = log.find('\n'); end != std::string_view::npos; end = log.find('\n')) {
        boost::system::error_code error;
        const auto line = boost::json::parse(log.substr(0, end), error);
        log.remove_prefix(end + 1);
        if (error || !line.is_object())
            continue;
        const auto* name = line.as_object().if_contains("event");
        if (name != nullptr && name->is_string() && name->as_string() == event)
            return line.as_object();
    }
    return std::nullopt;
}

std::uint16_t restartable_port()
{
    static std::uint16_t next = static_cast<std::uint16_t>(15'000 + ::getpid() % 12'000);
    boost::asio::io_context context;
    for (int tries = 0; tries < 1'000; ++tries) {
        boost::asio::ip::tcp::acceptor probe(context, boost::asio::ip::tcp::v4());
        boost::system::error_code error;
        probe.bind({boost::asio::ip::address_v4::loopback(), ++next}, error);
        if (!error)
            return next;
    }
    throw std::runtime_error("no free port");
}

int terminate(service& running, std::chrono::milliseconds max)
{
    running.process().signal(SIGTERM);
    return running.process().wait(max).value_or(still_running);
}

} // namespace integration
