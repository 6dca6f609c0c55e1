#include "bench/report.hpp"

#include "bench/numbers.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <iomanip>
#include <sstream>

namespace bench {

namespace json = boost::json;

namespace {

constexpr int name_width = 34;
constexpr int number_width = 12;

// With its unit, which JSON has no other place for.
std::string key(const std::string& name, const std::string& unit)
{
    return unit.empty() ? name : name + " [" + unit + ']';
}

double rounded(double number, int decimals)
{
    const double scale = std::pow(10, decimals + 2); // two more than a person is told
    return std::round(number * scale) / scale;
}

} // namespace

void report::section(std::string name, std::string about)
{
    parts_.push_back({std::move(name), std::move(about), {}});
}

void report::add(std::string name, double number, std::string unit, int decimals)
{
    parts_.back().figures.push_back({std::move(name), number, std::move(unit), decimals});
}

void report::add(std::string name, std::string text)
{
    parts_.back().figures.push_back({std::move(name), std::move(text), {}, 0});
}

void report::add(const std::string& name, samples& times)
{
    add(name + " p50", times.percentile_ms(0.5), "ms", 3);
    add(name + " p99", times.percentile_ms(0.99), "ms", 3);
    add(name + " max", times.percentile_ms(1), "ms", 3);
}

std::string report::text() const
{
    std::ostringstream out;
    for (const auto& each : parts_) {
        out << each.name << (each.about.empty() ? "" : ": ") << each.about << '\n';
        for (const auto& one : each.figures) {
            out << "  " << std::left << std::setw(name_width) << one.name << std::right;
            if (const auto* number = std::get_if<double>(&one.what))
                out << std::setw(number_width) << number_text(*number, one.decimals) << ' ' << one.unit;
            else
                out << "  " << std::get<std::string>(one.what);
            out << '\n';
        }
    }
    return out.str();
}

std::string report::json() const
{
    json::object all;
    for (const auto& each : parts_) {
        json::object figures;
        for (const auto& one : each.figures) {
            if (const auto* number = std::get_if<double>(&one.what))
                figures[key(one.name, one.unit)] = rounded(*number, one.decimals);
            else
                figures[one.name] = std::get<std::string>(one.what);
        }
        all[each.name] = std::move(figures);
    }
    return json::serialize(all) + '\n';
}

} // namespace bench
