#include "common/outbox/settings.hpp"

#include "common/http/tls_context.hpp"

#include <stdexcept>

namespace outbox {

namespace {

constexpr std::uint64_t day_ms = 86'400'000;
constexpr std::uint64_t exchange_ms_max = 600'000;

std::uint64_t count(std::chrono::milliseconds value)
{
    return static_cast<std::uint64_t>(value.count());
}

void read_retry(runtime::settings_reader& reader, const std::string& prefix, const std::string& since,
                retry_policy& retry)
{
    retry.base = reader.milliseconds(prefix + "RETRY_BASE_MS", count(retry.base), 1, day_ms,
                                     "before the first retry; doubled for each further one");
    retry.max = reader.milliseconds(prefix + "RETRY_MAX_MS", count(retry.max), 1, 7 * day_ms,
                                    "that a retry waits at most");
    retry.attempts_max = static_cast<unsigned>(reader.number(prefix + "RETRY_ATTEMPTS", retry.attempts_max, 1,
                                                             attempts_kept_max, "the first one counts"));
    retry.age_max = std::chrono::hours{
        reader.number(prefix + "DELIVERY_MAX_AGE_HOURS", static_cast<std::uint64_t>(retry.age_max.count()), 1,
                      168, "after " + since + ", whatever stopped it, it is dead")};
}

// Read here, so that a bad file is among the problems, and again when the client is made.
void read_ca_file(runtime::settings_reader& reader, const std::string& name, std::string& ca_file)
{
    ca_file = reader.text(name, "", "PEM file of authorities trusted for https besides the system's");
    if (ca_file.empty())
        return;
    try {
        http::make_tls_context(ca_file);
    }
    catch (const std::runtime_error& failure) {
        reader.problem(name, failure.what());
    }
}

} // namespace

void read_settings(runtime::settings_reader& reader, const std::string& prefix, const std::string& since,
                   sending_settings& read)
{
    auto& dispatch = read.dispatch;
    read_retry(reader, prefix, since, dispatch.retry);
    dispatch.limits.connect =
        reader.milliseconds(prefix + "CONNECT_TIMEOUT_MS", count(dispatch.limits.connect), 1, exchange_ms_max,
                            "for name look-up, connect and TLS handshake");
    dispatch.limits.whole =
        reader.milliseconds(prefix + "DELIVERY_TIMEOUT_MS", count(dispatch.limits.whole), 1, exchange_ms_max,
                            "for the whole exchange, name look-up and body included");
    dispatch.in_flight_max =
        reader.number(prefix + "IN_FLIGHT", dispatch.in_flight_max, 1, 10'000, "attempts under way at once");
    dispatch.origin_in_flight_max =
        reader.number(prefix + "ORIGIN_IN_FLIGHT", dispatch.origin_in_flight_max, 1, 10'000,
                      "of those, the most against one origin; a new one starts with 4 and earns more");
    read_ca_file(reader, prefix + "CA_FILE", read.client.ca_file);
}

void read_retention(runtime::settings_reader& reader, const std::string& prefix, std::string_view what,
                    housekeeping& read)
{
    read.retention = std::chrono::days{reader.number(prefix + "RETENTION_DAYS",
                                                     static_cast<std::uint64_t>(read.retention.count()), 1,
                                                     retention_days_max, what)};
}

} // namespace outbox
