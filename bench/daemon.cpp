#include "bench/daemon.hpp"

#include "bench/samples.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::seconds ready_within{30};
constexpr std::chrono::microseconds between_looks{200};
constexpr timeval answer_within{1, 0}; // of /readyz; then it is asked again
constexpr std::chrono::seconds stop_within{60};

tcp::endpoint local(std::uint16_t port)
{
    return {asio::ip::address_v4::loopback(), port};
}

std::uint16_t free_port()
{
    asio::io_context context;
    return tcp::acceptor(context, local(0)).local_endpoint().port();
}

bool is_ready(std::uint16_t port)
{
    asio::io_context context;
    tcp::socket socket(context);
    boost::system::error_code error;
    socket.connect(local(port), error);
    if (error)
        return false;
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &answer_within, sizeof answer_within);
    constexpr std::string_view question = "GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
    asio::write(socket, asio::buffer(question), error);
    std::array<char, 512> answer{};
    // Not by read_some, which after the time limit waits on.
    const auto size = ::recv(socket.native_handle(), answer.data(), answer.size(), 0);
    return size > 0 &&
           std::string_view(answer.data(), static_cast<std::size_t>(size)).starts_with("HTTP/1.1 200 ");
}

// The number after `name` in a file of /proc.
std::uint64_t proc_number(pid_t pid, const char* file, std::string_view name)
{
    std::ifstream lines("/proc/" + std::to_string(pid) + "/" + file);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(name))
            return std::stoull(line.substr(name.size()));
    throw std::runtime_error("no " + std::string(name) + " in /proc/" + std::to_string(pid) + "/" + file);
}

} // namespace

daemon::daemon(const daemon_options& options) : port_(free_port())
{
    auto values = options.more;
    values["WEBHOOK_SHARED_SECRET"] = shared_secret;
    values[options.prefix + "LISTEN"] = "127.0.0.1:" + std::to_string(port_);
    values[options.prefix + "DATABASE"] = "sqlite:" + options.database.string();
    if (options.commits_logged > 0) {
        map_log(options);
        values["LD_PRELOAD"] = COMMIT_PROBE;
        values[commit_log_variable] = std::to_string(log_file_);
    }
    const auto started_ns = now_ns();
    process_ = std::make_unique<integration::child>(options.program, std::vector<std::string>{}, values);
    wait_until_ready(started_ns);
}

daemon::~daemon()
{
    process_.reset();
    if (log_ != nullptr)
        ::munmap(log_, log_bytes_);
    if (log_file_ >= 0)
        ::close(log_file_);
}

// In memory of the kernel's, so that neither this process nor the daemon writes a file for it. The daemon
// inherits the descriptor.
void daemon::map_log(const daemon_options& options)
{
    log_bytes_ = commit_log_bytes(options.commits_logged);
    log_file_ = ::memfd_create("commits", 0);
    if (log_file_ < 0 || ::ftruncate(log_file_, static_cast<off_t>(log_bytes_)) != 0)
        throw std::system_error(errno, std::generic_category(), "memfd_create");
    auto* const memory = ::mmap(nullptr, log_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, log_file_, 0);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "mmap");
    log_ = static_cast<commit_log*>(memory);
    log_->capacity = options.commits_logged;
    log_->sessions_known = options.sessions_known;
}

void daemon::wait_until_ready(std::int64_t started_ns)
{
    const auto give_up_ns = started_ns + std::chrono::nanoseconds(ready_within).count();
    while (!is_ready(port_)) {
        if (process_->wait({}) || now_ns() > give_up_ns)
            throw std::runtime_error("a daemon did not become ready; it wrote:\n" + process_->errors());
        std::this_thread::sleep_for(between_looks);
    }
    ready_after_ns_ = now_ns() - started_ns;
}

usage daemon::used() const
{
    const auto pid = process_->pid();
    clockid_t clock = 0;
    timespec cpu = {};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &cpu) != 0)
        throw std::runtime_error("a daemon is gone; it wrote:\n" + process_->errors());
    constexpr std::uint64_t kib = 1'024;
    return {.cpu_s = static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9,
            .written_bytes = proc_number(pid, "io", "write_bytes: "),
            .resident_bytes =
                kib * (proc_number(pid, "status", "RssAnon:") + proc_number(pid, "status", "RssFile:"))};
}

void daemon::stop()
{
    process_->signal(SIGTERM);
    const auto status = process_->wait(stop_within);
    if (status != 0)
        throw std::runtime_error("a daemon did not stop as it should; it wrote:\n" + process_->errors());
}

} // namespace bench
