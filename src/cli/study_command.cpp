#include "cli/study_command.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/terminal.hpp"
#include "core/error.hpp"
#include "run/options.hpp"
#include "study/runner.hpp"

namespace heteroglass::cli {

int study_command(const std::vector<std::string>& arguments) {
  CLI::App app;
  app.set_help_flag();
  std::string file, output;
  int threads = 0;
  bool dry_run = false;
  app.add_option("file", file)->required();
  app.add_option("-o,--output", output);
  app.add_option("--threads", threads);
  app.add_flag("--dry-run", dry_run);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& e) {
    throw InputError(fmt::format("study: takes FILE.toml [-o DIR] [--threads N] [--dry-run]; {}", e.what()));
  }
  if (threads < 0) throw InputError(fmt::format("--threads: must be at least 1, got {}", threads));
  if (threads == 0) threads = omp_get_max_threads();
  const study::StudyFile study = study::read_study(file);
  const std::filesystem::path directory = output.empty() ? study.path.parent_path() / "results" : std::filesystem::path(output);
  if (dry_run) {
    for (const study::Step& s : study.steps)
      std::printf("%-20s %s %s\n", s.name.c_str(), s.analysis->path().c_str(), fmt::format("{}", fmt::join(s.inputs, " ")).c_str());
    return 0;
  }
  TerminalContext context;
  const study::StudySummary summary = study::run_study(study, directory, threads, context);
  context.finish();
  std::fprintf(stderr, "%zu steps run, %zu already done\n", summary.ran, summary.cached);
  std::printf("%s\n", std::filesystem::absolute(summary.report).lexically_normal().c_str());
  return 0;
}

}  // namespace heteroglass::cli
