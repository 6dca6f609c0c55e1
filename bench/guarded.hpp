#pragma once

#include <exception>
#include <iostream>
#include <stdexcept>

namespace bench {

// What main() of the program `name` returns: the answer of `body`, or, with a sentence on standard error, 2
// for a wrong command line (std::invalid_argument) and 1 for a failure.
template <class Body>
int guarded(const char* name, Body body)
{
    try {
        return body();
    }
    catch (const std::invalid_argument& wrong) {
        std::cerr << name << ": " << wrong.what() << '\n';
        return 2;
    }
    catch (const std::exception& failure) {
        std::cerr << name << ": " << failure.what() << '\n';
        return 1;
    }
}

} // namespace bench
