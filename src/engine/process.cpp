#include "engine/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "core/error.hpp"

extern char** environ;

namespace heteroglass::engine {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::duration<double> seconds(double s) { return std::chrono::duration<double>(s); }
void nap() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

std::vector<std::string> merged_environment(const Command& command) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : command.environment) replaced = replaced || text.starts_with(name + "=");
    if (!replaced) out.push_back(text);
  }
  for (const auto& [name, value] : command.environment) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& t : texts) out.push_back(t.data());
  out.push_back(nullptr);
  return out;
}

/// What runs in the child between fork and exec: system calls only.
[[noreturn]] void become(const char* program, char* const* arguments, char* const* environment, const char* directory, int output,
                         int report, pid_t parent) {
  setpgid(0, 0);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
#else
  (void)parent;
#endif
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  const int nothing = open("/dev/null", O_RDONLY);
  if (chdir(directory) == 0 && dup2(nothing, 0) >= 0 && dup2(output, 1) >= 0 && dup2(output, 2) >= 0)
    execve(program, arguments, environment);
  const int reason = errno;
  if (write(report, &reason, sizeof reason) < 0) _exit(126);
  _exit(127);
}

}  // namespace

Process::Process(const Command& command) {
  const std::string program = find_program(command.arguments.at(0)).string();
  if (program.empty())
    throw EngineError(fmt::format("{}: the program must exist and be executable, got none of that name on PATH", command.arguments[0]));
  std::vector<std::string> arguments = command.arguments, environment = merged_environment(command);
  const std::vector<char*> argument_pointers = pointers(arguments), environment_pointers = pointers(environment);
  const int output = open(command.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (output < 0) throw EngineError(fmt::format("{}: must be writable, got: {}", command.output.string(), std::strerror(errno)));
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) throw EngineError(fmt::format("{}: cannot start, got: {}", program, std::strerror(errno)));
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0)
    become(program.c_str(), argument_pointers.data(), environment_pointers.data(), command.directory.c_str(), output, report[1], parent);
  close(report[1]);
  close(output);
  int reason = pid_ < 0 ? errno : 0;
  if (pid_ > 0) {
    setpgid(pid_, pid_);  // also here: whoever comes first
    if (read(report[0], &reason, sizeof reason) < static_cast<ssize_t>(sizeof reason)) reason = 0;
  }
  close(report[0]);
  if (reason != 0) {
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    pid_ = -1;
    throw EngineError(fmt::format("{}: cannot start in {}, got: {}", program, command.directory.string(), std::strerror(reason)));
  }
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  return *this;
}

Process::~Process() {
  if (pid_ > 0 && !poll()) stop(0.5);
}

std::optional<ExitStatus> Process::poll() {
  if (status_ || pid_ <= 0) return status_;
  int raw = 0;
  if (waitpid(pid_, &raw, WNOHANG) != pid_) return {};
  if (WIFSIGNALED(raw)) {
    status_ = ExitStatus{128 + WTERMSIG(raw), WTERMSIG(raw)};
  } else {
    status_ = ExitStatus{WEXITSTATUS(raw), 0};
  }
  return status_;
}

void Process::stop(double patience) {
  if (pid_ <= 0 || poll()) return;
  kill(-pid_, SIGTERM);
  const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(seconds(patience));
  while (!poll() && Clock::now() < end) nap();
  kill(-pid_, SIGKILL);
  while (!poll()) nap();
}

std::filesystem::path find_program(const std::string& name) {
  const auto executable = [](const std::filesystem::path& p) {
    return std::filesystem::is_regular_file(p) && access(p.c_str(), X_OK) == 0;
  };
  if (name.empty()) return {};
  if (name.find('/') != std::string::npos) return executable(name) ? std::filesystem::absolute(name) : std::filesystem::path();
  const char* path = std::getenv("PATH");
  const std::string list = path ? path : "/usr/local/bin:/usr/bin:/bin";
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t to = std::min(list.find(':', from), list.size());
    const std::filesystem::path candidate = std::filesystem::path(list.substr(from, to - from)) / name;
    if (executable(candidate)) return std::filesystem::absolute(candidate);
    from = to + 1;
  }
  return {};
}

std::vector<std::string> split_arguments(const std::string& text, const std::string& where) {
  std::vector<std::string> out;
  std::string word;
  bool inside = false;
  char quote = 0;
  for (const char c : text) {
    if (quote) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c, inside = true;
    } else if (c == ' ' || c == '\t') {
      if (inside) out.push_back(std::exchange(word, {}));
      inside = false;
    } else {
      word += c, inside = true;
    }
  }
  if (quote) throw InputError(fmt::format("{}: a quote must be closed, got {}", where, text));
  if (inside) out.push_back(word);
  return out;
}

DirectoryLock::DirectoryLock(const std::filesystem::path& directory, double patience) {
  const std::filesystem::path path = directory / "lock";
  // Without O_CLOEXEC on purpose: children keep the lock.
  file_ = open(path.c_str(), O_RDWR | O_CREAT, 0666);
  if (file_ < 0) throw EngineError(fmt::format("{}: must be writable, got: {}", path.string(), std::strerror(errno)));
  const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(seconds(patience));
  while (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    if (Clock::now() >= end) {
      char holder[32] = {};
      const ssize_t length = pread(file_, holder, sizeof holder - 1, 0);
      close(file_);
      file_ = -1;
      throw EngineError(fmt::format("{}: only one process may work in a directory, got one already there (started by process {})",
                                    directory.string(), length > 0 ? std::string(holder) : "unknown"));
    }
    nap();
  }
  const std::string self = std::to_string(getpid());
  if (ftruncate(file_, 0) != 0 || pwrite(file_, self.data(), self.size(), 0) < 0) return;  // only a courtesy for the message above
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace heteroglass::engine
