#include "tests/sim/campaign.hpp"

#include "tests/sim/run.hpp"

#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sim {

namespace {

constexpr unsigned seconds_max = 120; // of real time for one seed, which takes a hundredth of a second

// What one process tells the other, a line for each seed it begins and each thing that came of it. A file
// rather than a pipe: what a process wrote before it died stays, and nobody has to read meanwhile.
class worker
{
public:
    worker(const campaign& all, unsigned number) : number_(number), told_(std::tmpfile())
    {
        if (told_ == nullptr)
            throw std::runtime_error("no temporary file can be made");
        process_ = ::fork();
        if (process_ < 0)
            throw std::runtime_error("no process can be made");
        if (process_ == 0) {
            work(all);
            std::fflush(told_);
            ::_exit(0);
        }
    }

    // Waits for its end and adds what it told.
    void join(campaign_result& sum)
    {
        int status = 0;
        ::waitpid(process_, &status, 0);
        std::rewind(told_);
        std::uint64_t begun = 0;
        char line[4'096];
        bool failed = false;
        while (std::fgets(line, sizeof line, told_) != nullptr) {
            std::istringstream words(line);
            read_line(words, sum, begun, failed);
        }
        std::fclose(told_);
        if (status != 0 && !failed)
            fail(sum, begun, "its process ended with status " + std::to_string(status));
    }

private:
    void work(const campaign& all)
    {
        for (auto seed = all.first + number_; seed < all.first + all.seeds; seed += all.jobs) {
            std::fprintf(told_, "seed %llu\n", static_cast<unsigned long long>(seed));
            std::fflush(told_);
            ::alarm(seconds_max); // a run that does not end is a failure too
            const auto result = run(seed);
            for (std::size_t i = 0; i < fault_kinds; ++i)
                if (result.faults[i] > 0)
                    std::fprintf(told_, "fault %zu %llu\n", i,
                                 static_cast<unsigned long long>(result.faults[i]));
            for (const auto& [status, count] : result.deliveries)
                std::fprintf(told_, "deliveries %s %zu\n", status.c_str(), count);
            if (result.violation) {
                std::fprintf(told_, "failed %s\n", result.violation->c_str());
                return;
            }
        }
    }

    static void read_line(std::istringstream& words, campaign_result& sum, std::uint64_t& begun, bool& failed)
    {
        std::string kind;
        words >> kind;
        if (kind == "seed") {
            words >> begun;
            ++sum.seeds_run;
        }
        else if (kind == "fault") {
            std::size_t which = 0;
            std::uint64_t count = 0;
            words >> which >> count;
            sum.faults.at(which) += count;
        }
        else if (kind == "deliveries") {
            std::string status;
            std::uint64_t count = 0;
            words >> status >> count;
            sum.deliveries[status] += count;
        }
        else if (kind == "failed") {
            std::string what;
            std::getline(words >> std::ws, what);
            fail(sum, begun, what);
            failed = true;
        }
    }

    static void fail(campaign_result& sum, std::uint64_t seed, const std::string& what)
    {
        if (!sum.first_failure || seed < sum.first_failure->seed)
            sum.first_failure = {seed, what};
    }

    unsigned number_;
    std::FILE* told_;
    pid_t process_ = 0;
};

} // namespace

campaign_result carry_out(const campaign& what)
{
    std::vector<worker> workers;
    for (unsigned i = 0; i < what.jobs; ++i)
        workers.emplace_back(what, i);
    campaign_result sum;
    for (auto& each : workers)
        each.join(sum);
    return sum;
}

} // namespace sim
