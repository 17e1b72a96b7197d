/// Child processes: started without a shell, in a process group of their own, watched without blocking.
///
/// A child dies with its parent (Linux: PR_SET_PDEATHSIG), so that kill -9 leaves no engine running behind.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace heteroglass::engine {

struct Command {
  std::vector<std::string> arguments;                            ///< program first, found on PATH
  std::filesystem::path directory;                               ///< where it runs
  std::filesystem::path output;                                  ///< receives stdout and stderr
  std::vector<std::pair<std::string, std::string>> environment;  ///< set in addition
};

/// How a process ended.
struct ExitStatus {
  int code = 0;    ///< exit code; 128 + signal when killed
  int signal = 0;  ///< 0: it ended by itself
};

class Process {
 public:
  /// @throws EngineError when it cannot be started (program not found, not executable).
  explicit Process(const Command& command);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  /// Kills the whole process group when it still runs.
  ~Process();

  /// Empty while it runs. Does not block.
  std::optional<ExitStatus> poll();
  /// SIGTERM to the process group, SIGKILL after `patience` seconds.
  void stop(double patience = 2);
  pid_t id() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::optional<ExitStatus> status_;
};

/// Full path of a program: itself when it holds a '/', else the first on PATH. Empty: there is none.
std::filesystem::path find_program(const std::string& name);
/// Splits a command line at blanks; single and double quotes keep blanks, nothing else is special.
/// @throws InputError on an open quote
std::vector<std::string> split_arguments(const std::string& text, const std::string& where);

/// One process at a time may work in a directory. The lock is inherited by the children, so a child that outlived its
/// parent still holds it.
class DirectoryLock {
 public:
  /// Waits up to `patience` seconds. @throws EngineError naming the process that holds the lock.
  explicit DirectoryLock(const std::filesystem::path& directory, double patience = 5);
  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  int file_ = -1;
};

}  // namespace heteroglass::engine
