#include "cli/analysis_command.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "cli/describe.hpp"
#include "cli/terminal.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "io/volume_file.hpp"
#include "run/curve_input.hpp"
#include "run/directory.hpp"
#include "run/execute.hpp"
#include "run/input_options.hpp"
#include "run/json.hpp"
#include "run/many.hpp"
#include "run/options.hpp"
#include "run/text.hpp"

namespace heteroglass::cli {
namespace {

class Stopped : public Error {
 public:
  explicit Stopped(const char* why) : Error(std::string("stopped on request; ") + why) {}
  int exit_code() const override { return 130; }
};

/// What the flags said, before any of it is understood.
struct Given {
  std::vector<std::string> inputs;
  std::vector<std::pair<std::string, std::string>> options;
  std::string output, units, elements, timestep;
  int threads = 0;
  bool json = false, overwrite = false, dry_run = false, help = false;
};

std::vector<std::string> global_flags() {
  return {"output", "json", "overwrite", "threads", "dry-run", "units", "elements", "timestep", "help"};
}

/// The program's own flags; an analysis may have a `timestep` of its own.
void add_global_flags(CLI::App& app, Given& given, bool own_timestep) {
  app.add_option("inputs", given.inputs);
  app.add_option("-o,--output", given.output);
  app.add_option("--units", given.units);
  app.add_option("--elements", given.elements);
  if (!own_timestep) app.add_option("--timestep", given.timestep);
  app.add_option("--threads", given.threads)->check(CLI::PositiveNumber);
  app.add_flag("--json", given.json);
  app.add_flag("--overwrite", given.overwrite);
  app.add_flag("--dry-run", given.dry_run);
  app.add_flag("-h,--help", given.help);
}

std::string spelled(const Field& f) {
  std::string names = "--" + run::hyphenated(f.name);
  for (const std::string& a : f.aliases) names += ",--" + run::hyphenated(a);
  return names;
}

/// Options of the analysis, and those of its curves.
std::vector<const Field*> all_fields(const Analysis& a) {
  std::vector<const Field*> fields;
  for (const Field& f : *a.options) fields.push_back(&f);
  for (const Field* f : run::input_fields(a)) fields.push_back(f);
  return fields;
}

void add_analysis_flags(CLI::App& app, const Analysis& a, Given& given) {
  for (const Field* field : all_fields(a)) {
    const Field& f = *field;
    const auto store = [&given, &f](const CLI::results_t& values) {
      for (const std::string& v : values) given.options.emplace_back(f.name, v);
      return true;
    };
    CLI::Option* option = app.add_option(spelled(f), store);
    if (f.kind == Kind::flag) {
      option->expected(0, 1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
      option->default_str("true");
    } else {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)->allow_extra_args(false)->delimiter('\0');
    }
  }
}

[[noreturn]] void unknown_flag(const Analysis& a, const std::string& flag) {
  std::vector<std::string> names = global_flags();
  for (const Field* f : all_fields(a)) {
    names.push_back(run::hyphenated(f->name));
    for (const std::string& alias : f->aliases) names.push_back(run::hyphenated(alias));
  }
  const std::string bare = flag.substr(flag.find_first_not_of('-') == std::string::npos ? 0 : flag.find_first_not_of('-'));
  throw InputError(fmt::format("{}: must be an option of {}{}; `heteroglass describe {} {}` lists them", flag, a.path(),
                               did_you_mean(bare.substr(0, bare.find('=')), names), run::hyphenated(a.family), run::hyphenated(a.name)));
}

/// Flags of an analysis take a following value only when it cannot be an input: a bare flag is `true`.
std::vector<std::string> with_explicit_flags(const Analysis& a, std::vector<std::string> arguments) {
  for (std::string& s : arguments) {
    if (!s.starts_with("--") || s.find('=') != std::string::npos) continue;
    for (const Field& f : *a.options)
      if (f.kind == Kind::flag && (s.substr(2) == run::hyphenated(f.name) || s.substr(2) == f.name)) s += "=true";
  }
  return arguments;
}

Given parsed(const Analysis& a, const std::vector<std::string>& arguments) {
  Given given;
  bool own_timestep = false;
  for (const Field& f : *a.options) own_timestep = own_timestep || f.name == "timestep";
  CLI::App app;
  app.set_help_flag();
  add_global_flags(app, given, own_timestep);
  add_analysis_flags(app, a, given);
  std::vector<std::string> reversed = with_explicit_flags(a, arguments);
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(reversed);
  } catch (const CLI::ExtrasError&) {
    for (const std::string& s : app.remaining())
      if (s.starts_with("-")) unknown_flag(a, s);
    throw;
  } catch (const CLI::ParseError& e) {
    throw InputError(fmt::format("{}: {}", a.path(), e.what()));
  }
  return given;
}

io::ReadOptions read_options(const Given& given) {
  io::ReadOptions read;
  if (!given.units.empty()) read.units = unit_system(given.units);
  if (!given.timestep.empty()) {
    const std::string unit = unit_in(read.units, "ps");
    read.timestep = parse_quantity(given.timestep, unit, "--timestep");
    if (!(*read.timestep > 0))
      throw InputError(fmt::format("--timestep: must be greater than 0 {}, got {} {}", unit, *read.timestep, unit));
  }
  std::string rest = given.elements;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    read.elements.push_back(rest.substr(0, comma));
    rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
  }
  return read;
}

bool reads_frames(const Analysis& a) {
  return a.input == InputKind::frame || a.input == InputKind::frame_pair || a.input == InputKind::frames ||
         a.input == InputKind::trajectory;
}

std::string dry_run_text(const run::Request& request, const Given& given) {
  std::string text = fmt::format("would run {}\n", run::command_line(request));
  double atoms = 0;
  for (const std::string& spec : request.inputs) {
    const InputKind kind = request.analysis->input;
    if (kind == InputKind::curves || kind == InputKind::images || (kind == InputKind::frames_and_curves && !run::names_frames(spec))) {
      for (const std::string& file : run::curve_files(spec)) text += fmt::format("  input {}\n", file);
      continue;
    }
    if (kind == InputKind::volume || kind == InputKind::volumes) {
      std::string dataset;
      for (const auto& [name, value] : request.options)
        if (name == "dataset") dataset = value;
      const auto volume = io::open_volume(spec, dataset);
      const auto size = volume->size();
      text += fmt::format("  input {}: {} x {} x {} voxels, {}\n", spec, size[0], size[1], size[2], volume->stored_as());
      continue;
    }
    const io::FrameSelection selection = io::parse_selection(spec);
    const auto trajectory = io::open_trajectory(selection.path, request.read);
    const auto chosen = io::selected_frames(selection, trajectory->size());
    const std::size_t n = chosen.empty() ? 0 : trajectory->frame(chosen.front()).size();
    atoms += double(n) * double(chosen.size());
    text += fmt::format("  input {}: {} of {} frames, {} atoms each\n", spec, chosen.size(), trajectory->size(), n);
  }
  const std::shared_ptr<void> options = request.analysis->new_options();
  run::check_input_options(*request.analysis, request.options);
  for (const auto& [name, value] : request.options)
    if (!run::is_input_option(*request.analysis, name))
      run::set_option(run::find_option(*request.analysis->options, name, request.analysis->path()), options.get(), value,
                      request.read.units);
  const std::string cost = request.analysis->cost ? request.analysis->cost(options.get(), atoms) : "";
  text += fmt::format("  cost: {}\n",
                      cost.empty() ? !reads_frames(*request.analysis) ? "seconds" : "seconds; linear in the number of atoms" : cost);
  text += fmt::format("  results: {}\n", given.output.empty() ? "to the terminal (-o DIR keeps them)" : "in " + given.output);
  return text;
}

bool runs_an_engine(const Analysis& a) {
  for (const Field& f : *a.options)
    if (f.name == "ranks") return true;
  return false;
}

/// Without a folder a stopped run has nothing to go on from.
template <class F> auto kept_nowhere(F run) {
  try {
    return run();
  } catch (const Interrupted&) {
    throw Stopped("nothing is kept without -o DIR");
  }
}

}  // namespace

int analysis_command(const Analysis& analysis, const std::vector<std::string>& arguments) {
  const Given given = parsed(analysis, arguments);
  if (given.help) {
    std::fputs(description(analysis).c_str(), stdout);
    return 0;
  }
  if (given.threads < 0) throw InputError(fmt::format("--threads: must be at least 1, got {}", given.threads));
  if (given.threads > 0) omp_set_num_threads(given.threads);

  run::check_input_count(analysis, given.inputs.size());
  run::Request request{&analysis, given.inputs, given.options, read_options(given)};
  if (given.dry_run) {
    std::fputs(dry_run_text(request, given).c_str(), stdout);
    return 0;
  }
  TerminalContext context;
  const std::filesystem::path directory = given.output;
  run::Runs runs;
  std::map<std::string, std::string> frame_files;
  if (given.output.empty()) {
    if (runs_an_engine(analysis))
      std::fprintf(stderr, "note: without -o DIR the configurations are not kept, and a stopped run starts again from the beginning\n");
    runs = kept_nowhere([&] { return run::execute_all(request, context); });
  } else {
    run::claim_directory(directory, run::key(request), given.overwrite);
    context.directory = directory / "engine";
    try {
      runs = run::execute_all(request, context);
      (runs.single() ? runs.outcomes.front().command : runs.command) += " -o " + given.output;
      if (runs.single()) {
        frame_files = run::write_directory(directory, runs.outcomes.front());
      } else {
        run::write_directory(directory, runs);
      }
    } catch (const Interrupted&) {
      run::release_directory(directory);
      if (!std::filesystem::exists(directory)) throw Stopped("nothing was finished that could be kept");
      throw;
    } catch (...) {
      run::release_directory(directory);
      throw;
    }
  }
  context.finish();
  std::string out = runs.single() ? (given.json ? run::json(runs.outcomes.front(), frame_files) : run::text(runs.outcomes.front()))
                                  : (given.json ? run::json(runs) : run::text(runs));
  if (given.json) out += "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
  if (!given.output.empty()) std::fprintf(stderr, "written: %s\n", (directory / "report.html").c_str());
  for (const std::string& line : run::problem_lines(runs)) std::fprintf(stderr, "%s\n", line.c_str());
  if (std::fflush(stdout) != 0) throw FormatError("standard output", 0, "cannot be written");
  return runs.problems.empty() ? 0 : runs.problems.front().exit_code;
}

}  // namespace heteroglass::cli
