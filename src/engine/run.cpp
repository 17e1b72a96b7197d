#include "engine/run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "core/error.hpp"
#include "engine/process.hpp"
#include "io/atomic_file.hpp"
#include "io/configuration.hpp"

namespace heteroglass::engine {
namespace {

namespace fs = std::filesystem;

constexpr double minimisation_steps = 500;  ///< what a minimisation counts in the progress

double weight(const Job& job, const Chunk& c) {
  if (c.stage == 0) return 0;
  return job.stages[c.stage - 1].kind == Stage::Kind::minimise ? minimisation_steps : static_cast<double>(c.steps);
}

std::string last_part(const fs::path& file, std::size_t bytes) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const auto size = static_cast<std::size_t>(in.tellg());
  in.seekg(static_cast<std::streamoff>(size - std::min(size, bytes)));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

struct InputFile {
  std::string name, content;
};

/// Everything a job reads but start.data and the potential.
std::vector<InputFile> scripts(const Job& job, const std::vector<Chunk>& all) {
  std::vector<InputFile> out;
  for (std::size_t k = 0; k <= job.stages.size(); ++k) out.push_back({stage_script_name(job, k), stage_script(job, k)});
  out.push_back({"run.in", master_script(job, all, 0)});
  return out;
}

std::string manifest(const Job& job, const std::vector<InputFile>& files, const LammpsOptions& options) {
  std::string m = fmt::format("ranks {}\narguments {}\n", options.ranks, fmt::join(options.engine_arguments(), " "));
  if (!job.potential.file.empty()) m += fmt::format("{} {}\n", job.potential.file.filename().string(), io::sha256_file(job.potential.file));
  m += fmt::format("start.data {}\n", io::sha256_file(job.directory / "start.data.new"));
  for (const InputFile& f : files) m += fmt::format("{} {}\n", f.name, io::sha256(f.content));
  return m;
}

/// Names of the manifest's entries that differ.
std::string differences(const std::string& old_text, const std::string& new_text) {
  const std::vector<std::string> a = lines(old_text), b = lines(new_text);
  std::vector<std::string> names;
  for (const std::string& line : b)
    if (std::find(a.begin(), a.end(), line) == a.end()) names.push_back(line.substr(0, line.find(' ')));
  return names.empty() ? "fewer inputs" : fmt::format("{}", fmt::join(names, ", "));
}

/// Writes the inputs, or finds that they stand there already.
void prepare(const Job& job, const std::vector<Chunk>& all, const LammpsOptions& options) {
  const fs::path start = job.directory / "start.data", fresh = job.directory / "start.data.new", list = job.directory / "manifest";
  if (!job.start.box.fully_periodic())
    throw InputError(fmt::format("{}: molecular dynamics needs a cell that is periodic in all directions, got periodicity {} {} {}",
                                 job.start.source, job.start.box.periodic(0), job.start.box.periodic(1), job.start.box.periodic(2)));
  io::write_lammps_data(fresh.string(), job.start);
  const std::vector<InputFile> files = scripts(job, all);
  const std::string wanted = manifest(job, files, options);
  const std::string found = fs::exists(list) ? io::read_file(list) : "";
  if (found == wanted) {
    fs::remove(fresh);
    return;
  }
  for (const fs::directory_entry& e : fs::directory_iterator(job.directory))
    if (e.path().extension() == ".restart") {
      fs::remove(fresh);
      throw InputError(fmt::format("{}: holds the run of other inputs ({}); choose another directory or remove this one",
                                   job.directory.string(), differences(found, wanted)));
    }
  fs::rename(fresh, start);
  if (!job.potential.file.empty()) io::write_file(job.directory / job.potential.file.filename(), io::read_file(job.potential.file));
  for (const InputFile& f : files) io::write_file(job.directory / f.name, f.content);
  io::write_file(list, wanted);
}

Command command(const Job& job, const std::vector<Chunk>& all, const LammpsOptions& options) {
  const std::size_t first = first_missing(job, all);
  const std::string script = first == 0 ? "run.in" : "resume.in";
  if (first > 0) io::write_file(job.directory / script, master_script(job, all, first));
  Command c{options.command_line(), job.directory, job.directory / "lammps.out", {}};
  for (const char* a : {"-nocite", "-log", "none", "-in", script.c_str()}) c.arguments.emplace_back(a);
  if (geteuid() == 0) {  // Open MPI refuses root unless told twice
    c.environment.emplace_back("OMPI_ALLOW_RUN_AS_ROOT", "1");
    c.environment.emplace_back("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
  }
  // Runs side by side must not all be bound to the first cores.
  c.environment.emplace_back("OMPI_MCA_hwloc_base_binding_policy", "none");
  c.environment.emplace_back("OMPI_MCA_rmaps_base_oversubscribe", "1");
  return c;
}

std::string where(const Job& job, const std::vector<Chunk>& all) {
  const std::size_t i = first_missing(job, all);
  if (i >= all.size()) return "done";
  return all[i].stage == 0 ? "start" : job.stages[all[i].stage - 1].name;
}

void check_finished(const Job& job, const std::vector<Chunk>& all, const ExitStatus& status) {
  if (first_missing(job, all) == all.size()) return;
  const std::string how =
      status.signal ? fmt::format("was ended by signal {}", status.signal) : fmt::format("ended with status {}", status.code);
  throw EngineError(fmt::format("{}: LAMMPS must finish, but {} in stage {}: {}", (job.directory / "lammps.out").string(), how,
                                where(job, all), error_summary(job.directory / "lammps.out")));
}

struct Running {
  std::size_t job;
  Process process;
};

/// Starts, watches and ends the processes of all jobs.
class Supervisor {
 public:
  Supervisor(std::span<const Job> jobs, const std::vector<std::vector<Chunk>>& all, const LammpsOptions& options, Context& context)
      : jobs_(jobs), all_(all), options_(options), context_(context) {
    for (std::size_t j = 0; j < jobs.size(); ++j)
      if (first_missing(jobs[j], all[j]) < all[j].size()) waiting_.push_back(j);
  }

  void run() {
    auto last_report = std::chrono::steady_clock::time_point();
    while (!waiting_.empty() || !running_.empty()) {
      start_some();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      collect();
      if (context_.cancelled()) {
        for (Running& r : running_) r.process.stop();
        context_.check_cancelled();
      }
      if (const auto now = std::chrono::steady_clock::now(); now - last_report > std::chrono::milliseconds(500))
        report(), last_report = now;
    }
  }

 private:
  void start_some() {
    while (!waiting_.empty() && static_cast<int>(running_.size()) < options_.side_by_side()) {
      const std::size_t j = waiting_.front();
      waiting_.erase(waiting_.begin());
      running_.push_back({j, Process(command(jobs_[j], all_[j], options_))});
    }
  }

  void collect() {
    for (std::size_t i = 0; i < running_.size();) {
      const std::optional<ExitStatus> status = running_[i].process.poll();
      if (!status) {
        ++i;
        continue;
      }
      const std::size_t j = running_[i].job;
      running_.erase(running_.begin() + static_cast<long>(i));
      check_finished(jobs_[j], all_[j], *status);
    }
  }

  void report() {
    double sum = 0, total = 0;
    std::string what;
    for (std::size_t j = 0; j < jobs_.size(); ++j) {
      double size = 0;
      for (const Chunk& c : all_[j]) size += weight(jobs_[j], c);
      sum += size * done_fraction(jobs_[j], all_[j]), total += size;
    }
    for (const Running& r : running_)
      what += fmt::format("{}{} {}", what.empty() ? "LAMMPS: " : ", ", jobs_[r.job].title, where(jobs_[r.job], all_[r.job]));
    if (!what.empty()) context_.progress(total > 0 ? sum / total : 1, what);
  }

  std::span<const Job> jobs_;
  const std::vector<std::vector<Chunk>>& all_;
  const LammpsOptions& options_;
  Context& context_;
  std::vector<std::size_t> waiting_;
  std::vector<Running> running_;
};

}  // namespace

Workspace::Workspace(const Context& context, const LammpsOptions& options) : path_(context.directory) {
  if (!path_.empty()) {
    std::error_code error;
    fs::create_directories(path_, error);
    if (error) throw FormatError(path_.string(), 0, fmt::format("must be a writable folder, got: {}", error.message()));
    path_ = fs::absolute(path_);
    return;
  }
  if (options.write_only) throw InputError("write_only: scripts need a folder to stand in, got none; name one with -o DIR");
  std::string pattern = (fs::temp_directory_path() / "heteroglass-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw EngineError(fmt::format("{}: a temporary folder must be writable", pattern));
  path_ = pattern;
  temporary_ = true;
}

Workspace::~Workspace() {
  std::error_code ignored;
  if (temporary_) fs::remove_all(path_, ignored);
}

bool run_jobs(std::span<const Job> jobs, const LammpsOptions& options, Context& context) {
  if (!options.write_only) options.command_line();  // says at once what is missing
  std::vector<DirectoryLock> locks;
  std::vector<std::vector<Chunk>> all;
  for (const Job& job : jobs) {
    fs::create_directories(job.directory);
    locks.emplace_back(job.directory);
    all.push_back(chunks(job));
    prepare(job, all.back(), options);
  }
  if (options.write_only) return false;
  Supervisor(jobs, all, options, context).run();
  return true;
}

std::size_t first_missing(const Job& job, const std::vector<Chunk>& all) {
  for (std::size_t i = all.size(); i > 0; --i)
    if (fs::exists(job.directory / (all[i - 1].name + ".restart"))) return i;
  return 0;
}

double done_fraction(const Job& job, const std::vector<Chunk>& all) {
  const std::size_t first = first_missing(job, all);
  double done = 0, total = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    total += weight(job, all[i]);
    if (i < first) done += weight(job, all[i]);
  }
  if (first < all.size() && all[first].steps > 0) {
    const long step = last_logged_step(job.directory / (all[first].name + ".log"));
    done += static_cast<double>(std::clamp(step - (all[first].until - all[first].steps), 0L, all[first].steps));
  }
  return total > 0 ? done / total : 1;
}

long last_logged_step(const fs::path& log) {
  const std::string text = last_part(log, 4096);
  long step = -1;
  for (std::size_t from = text.find('\n'); from != std::string::npos;) {
    const std::size_t to = text.find('\n', from + 1);
    if (to == std::string::npos) break;
    const std::string line = text.substr(from + 1, to - from - 1);
    const bool row = line.find_first_not_of("0123456789 .+-e") == std::string::npos && std::count(line.begin(), line.end(), '.') > 2;
    if (row) step = std::strtol(line.c_str(), nullptr, 10);
    from = to;
  }
  return step;
}

std::string error_summary(const fs::path& output) {
  const std::vector<std::string> all = lines(last_part(output, 1 << 16));
  std::string error, failing;
  std::vector<std::string> tail;
  for (const std::string& line : all) {
    if (line.find("ERROR") != std::string::npos && error.empty()) error = line;
    if (line.starts_with("Last command:")) failing = line.substr(14);
    const bool said = line.find("ERROR") != std::string::npos || line.starts_with("Last command:");
    if (!said && line.find_first_not_of(" \t\r") != std::string::npos)
      tail.push_back(line.size() > 100 ? line.substr(0, 97) + "..." : line);
  }
  if (tail.size() > 3) tail.erase(tail.begin(), tail.end() - 3);
  std::string text = error.empty() ? "no error message" : error;
  if (!failing.empty()) text += fmt::format("; failing command: {}", failing);
  if (!tail.empty()) text += fmt::format("; before it: {}", fmt::join(tail, " | "));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\t'; }, ' ');
  return text;
}

std::string engine_version(const Job& job) {
  std::ifstream in(job.directory / "lammps.out");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("LAMMPS (")) return line;
  return {};
}

}  // namespace heteroglass::engine
