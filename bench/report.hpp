#pragma once

#include "bench/samples.hpp"

#include <string>
#include <variant>
#include <vector>

namespace bench {

// The figures of a run in the order they are told.
class report
{
public:
    using value = std::variant<double, std::string>;

    // Begins a part; the figures that follow are of it. `about` says to a person how they were got.
    void section(std::string name, std::string about = {});

    void add(std::string name, double number, std::string unit = {}, int decimals = 0);
    void add(std::string name, std::string text);
    // p50, p99 and max, in milliseconds.
    void add(const std::string& name, samples& times);

    std::string text() const;
    // {"section":{"name [unit]":value}}, on one line.
    std::string json() const;

private:
    struct figure
    {
        std::string name;
        value what;
        std::string unit;
        int decimals = 0;
    };
    struct part
    {
        std::string name;
        std::string about;
        std::vector<figure> figures;
    };

    std::vector<part> parts_;
};

} // namespace bench
