/// What an analysis may say and ask while it runs: progress, warnings, cancellation, threads, a place to work.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace heteroglass {

class Context {
 public:
  virtual ~Context() = default;
  /// fraction in [0, 1]; `what` in a few words. Called from one thread.
  virtual void progress(double /*fraction*/, std::string_view /*what*/) {}
  virtual bool cancelled() const { return false; }
  /// @throws Interrupted when the user asked to stop.
  void check_cancelled() const;
  /// A line for the user that goes into the result. The same line is kept once. Thread-safe.
  void warn(const std::string& text);
  const std::vector<std::string>& warnings() const { return warnings_; }
  std::vector<std::string> take_warnings();

  /// Where an engine keeps scripts, logs and checkpoints. Empty: a temporary folder is made.
  std::filesystem::path directory;

  /// A context that shows nothing, for calls from programs and tests. Its warnings are dropped.
  static Context& quiet();

 private:
  std::vector<std::string> warnings_;
  std::mutex mutex_;
  bool keep_ = true;
};

}  // namespace heteroglass
