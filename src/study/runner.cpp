#include "study/runner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <omp.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <thread>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "run/directory.hpp"
#include "run/execute.hpp"
#include "run/input_options.hpp"
#include "run/many.hpp"
#include "run/options.hpp"
#include "study/study_report.hpp"

namespace heteroglass::study {
namespace {

namespace fs = std::filesystem;

/// An engine step asked only for its scripts: there is nothing to keep, and nothing to hand on.
bool wrote_only(const run::Outcome& outcome) {
  const Fields& results = *outcome.analysis->results;
  return std::any_of(results.begin(), results.end(),
                     [&](const Field& f) { return f.name == "written_only" && f.kind == Kind::flag && f.get<bool>(outcome.result.get()); });
}

/// The error of a step, with the step's name in front and the same exit code.
class StepError : public Error {
 public:
  StepError(const std::string& step, const Error& e) : Error(fmt::format("step '{}': {}", step, e.what())), code_(e.exit_code()) {}
  int exit_code() const override { return code_; }

 private:
  int code_;
};

/// Two programs in one study folder would write over each other.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& directory) {
    const fs::path file = directory / ".lock";
    descriptor_ = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (descriptor_ < 0) throw FormatError(file.string(), 0, "the study folder must be writable");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0)
      throw InputError(fmt::format("{}: one program at a time may run a study here, and another is running", directory.string()));
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() { ::close(descriptor_); }

 private:
  int descriptor_;
};

fs::path link_path(const fs::path& directory, const Step& step) { return directory / step.name; }

void point_link(const fs::path& directory, const Step& step, const std::string& key) {
  const fs::path link = link_path(directory, step), fresh = directory / ("." + step.name + ".new");
  if (fs::exists(fs::symlink_status(link)) && !fs::is_symlink(fs::symlink_status(link)))
    throw InputError(fmt::format("{}: must be free for the results of step '{}', and holds something else", link.string(), step.name));
  std::error_code ignored;
  fs::remove(fresh, ignored);
  fs::create_directory_symlink(fs::path("store") / key, fresh);
  fs::rename(fresh, link);
}

class Runner {
 public:
  Runner(const StudyFile& study, fs::path directory, int threads, Context& context)
      : study_(study),
        directory_(std::move(directory)),
        threads_(std::max(1, threads)),
        context_(context),
        state_(study.steps.size(), State::waiting),
        fraction_(study.steps.size(), 0) {}

  StudySummary run() {
    std::vector<std::thread> workers;
    {
      std::unique_lock lock(mutex_);
      while (true) {
        while (const std::optional<std::size_t> next = startable()) {
          state_[*next] = State::running;
          busy_ += cores(study_.steps[*next]);
          workers.emplace_back([this, i = *next] { work(i); });
        }
        if (busy_ == 0) break;
        changed_.wait(lock);
      }
    }
    for (std::thread& w : workers) w.join();
    if (failure_) std::rethrow_exception(failure_);
    return summary_;
  }

 private:
  enum class State { waiting, running, done };

  /// Cores that a step keeps busy: processes of an engine, or all threads.
  int cores(const Step& step) const {
    int ranks = 0, members = 1;
    const std::shared_ptr<void> options = step.analysis->new_options();
    for (const auto& [name, text] : step.options) {
      const Field& f = run::any_option(*step.analysis, name);
      if (f.name == "ranks" || f.name == "members") run::set_option(f, options.get(), text, UnitSystem::metal);
    }
    for (const Field& f : *step.analysis->options) {
      if (f.name == "ranks" && f.kind == Kind::integer) ranks = f.get<int>(options.get());
      if (f.name == "members" && f.kind == Kind::integer) members = f.get<int>(options.get());
    }
    return ranks == 0 ? threads_ : std::clamp(ranks * members, 1, threads_);
  }

  std::optional<std::size_t> startable() const {
    if (failure_ || context_.cancelled()) return {};
    for (std::size_t i = 0; i < study_.steps.size(); ++i) {
      const auto& needs = study_.steps[i].needs;
      const bool ready =
          state_[i] == State::waiting && std::all_of(needs.begin(), needs.end(), [&](std::size_t n) { return state_[n] == State::done; });
      if (ready && (busy_ == 0 || busy_ + cores(study_.steps[i]) <= threads_)) return i;
    }
    return {};
  }

  /// Forwards a step's progress to the whole study's.
  class StepContext : public Context {
   public:
    StepContext(Runner& runner, std::size_t step) : runner_(runner), step_(step) {}
    void progress(double fraction, std::string_view what) override {
      const std::lock_guard lock(runner_.progress_mutex_);
      runner_.fraction_[step_] = fraction;
      runner_.show(runner_.study_.steps[step_].name, what);
    }
    bool cancelled() const override { return runner_.context_.cancelled(); }

   private:
    Runner& runner_;
    std::size_t step_;
  };

  /// Share of the whole study's time, for the time left: engine steps take minutes where native ones take seconds.
  double weight(const Step& step) const {
    for (const Field& f : *step.analysis->options)
      if (f.name == "ranks") return 50;
    return 1;
  }

  void show(const std::string& step, std::string_view what) {
    double sum = 0, all = 0;
    for (std::size_t i = 0; i < fraction_.size(); ++i) {
      sum += fraction_[i] * weight(study_.steps[i]);
      all += weight(study_.steps[i]);
    }
    context_.progress(sum / all, fmt::format("{}: {}", step, what));
  }

  void work(std::size_t i) {
    omp_set_num_threads(threads_);
    std::exception_ptr error;
    try {
      run_step(i);
    } catch (const Interrupted&) {
      error = std::current_exception();
    } catch (const Error& e) {
      error = std::make_exception_ptr(StepError(study_.steps[i].name, e));
    } catch (...) {
      error = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    state_[i] = State::done;
    busy_ -= cores(study_.steps[i]);
    if (error && !failure_) failure_ = error;
    changed_.notify_all();
  }

  static bool is_configuration(const Analysis& a, const std::string& result) {
    return result == "atoms" ||
           std::any_of(a.results->begin(), a.results->end(), [&](const Field& f) { return f.kind == Kind::frames && f.name == result; });
  }

  run::Request request(const Step& step) const {
    run::Request r{step.analysis, {}, step.options, step.read};
    for (const std::string& input : step.inputs) {
      std::string resolved;
      for (const std::string& part : input_parts(input)) {
        const StepReference ref = step_reference(study_.steps, part);
        const std::string path =
            ref.is_step() ? (link_path(directory_, study_.steps[ref.step]) /
                             (ref.result + (is_configuration(*study_.steps[ref.step].analysis, ref.result) ? ".extxyz" : ".csv")))
                                    .string() +
                                ref.selection
                          : (study_.path.parent_path() / part).string();
        resolved += (resolved.empty() ? "" : "+") + path;
      }
      r.inputs.push_back(resolved);
    }
    return r;
  }

  void run_step(std::size_t i) {
    const Step& step = study_.steps[i];
    const run::Request r = request(step);
    const std::string key = run::key(r).substr(0, 24);
    const fs::path folder = directory_ / "store" / key;
    const bool cached = run::is_complete(folder, key);
    if (!cached) {
      run::claim_directory(folder, key, true);
      StepContext context(*this, i);
      context.directory = folder / "engine";
      context.progress(0, "started");
      try {
        run::Runs runs = run::execute_all(r, context);
        if (runs.single() && wrote_only(runs.outcomes.front()))
          throw InputError(fmt::format("only scripts and inputs were written, in {}; run them, then the study without write_only",
                                       context.directory.string()));
        if (!runs.problems.empty()) throw InputError(runs.problems.front().what);
        (runs.single() ? runs.outcomes.front().command : runs.command) += " -o " + step.name;
        if (runs.single()) {
          run::write_directory(folder, runs.outcomes.front(), run::Page::none);
        } else {
          run::write_directory(folder, runs, run::Page::none);
        }
      } catch (...) {
        run::release_directory(folder);
        throw;
      }
    }
    const std::lock_guard lock(progress_mutex_);
    point_link(directory_, step, key);
    ++(cached ? summary_.cached : summary_.ran);
    fraction_[i] = 1;
    show(step.name, cached ? "already done" : "done");
  }

  const StudyFile& study_;
  fs::path directory_;
  int threads_;
  Context& context_;
  std::vector<State> state_;
  std::vector<double> fraction_;
  int busy_ = 0;
  std::mutex mutex_, progress_mutex_;
  std::condition_variable changed_;
  std::exception_ptr failure_;
  StudySummary summary_;
};

}  // namespace

StudySummary run_study(const StudyFile& study, const fs::path& directory, int threads, Context& context) {
  std::error_code failed;
  const bool begun = fs::exists(directory / "store");
  if (fs::exists(directory) && (!fs::is_directory(directory) || (!begun && !fs::is_empty(directory))))
    throw InputError(fmt::format("--output: {} must be new, empty or the folder of a study, and holds something else", directory.string()));
  fs::create_directories(directory / "store", failed);
  if (failed) throw FormatError(directory.string(), 0, "the study folder cannot be made: " + failed.message());
  const FolderLock lock(directory);
  StudySummary summary = Runner(study, directory, threads, context).run();
  write_story(study, directory);
  summary.report = write_study_report(directory);
  return summary;
}

}  // namespace heteroglass::study
