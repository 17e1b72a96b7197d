#include "engine/adopt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "io/configuration.hpp"
#include "io/curve_file.hpp"

namespace heteroglass::engine {
namespace {

namespace fs = std::filesystem;

bool is_log(const std::string& n) { return n == "log.lammps" || n.starts_with("log.") || n.ends_with(".log"); }
bool is_dump(const std::string& n) {
  const std::string plain = n.ends_with(".gz") ? n.substr(0, n.size() - 3) : n;
  return plain.starts_with("dump.") || plain.ends_with(".dump") || plain.ends_with(".lammpstrj");
}
bool is_data(const std::string& n) { return n.starts_with("data.") || n.ends_with(".data"); }

std::vector<std::string> files(const fs::path& folder, bool (*wanted)(const std::string&)) {
  std::vector<std::string> out;
  for (const fs::directory_entry& e : fs::directory_iterator(folder))
    if (e.is_regular_file() && wanted(e.path().filename().string())) out.push_back(e.path().string());
  // Numbers of more digits are larger: shorter names first.
  std::sort(out.begin(), out.end(),
            [](const std::string& a, const std::string& b) { return std::pair(a.size(), a) < std::pair(b.size(), b); });
  return out;
}

bool has_columns(const Curve& run, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& c) { return run.find(c) != nullptr; });
}

/// Runs whose columns agree, joined; those of another kind are left out.
Curve joined_log(const std::string& path, const std::vector<std::string>& columns) {
  Curve out;
  for (const Curve& run : io::read_lammps_log(path)) {
    if (run.size() == 0 || !has_columns(run, columns)) continue;
    if (out.columns.empty() || out.columns.size() != run.columns.size()) {
      out = run;
      continue;
    }
    for (std::size_t c = 0; c < out.columns.size(); ++c)
      out.columns[c].values.insert(out.columns[c].values.end(), run.columns[c].values.begin(), run.columns[c].values.end());
  }
  if (out.columns.empty()) throw InputError(fmt::format("adopt: {} must have a run with the columns {}", path, fmt::join(columns, ", ")));
  out.source = path;
  return out;
}

}  // namespace

AdoptedRun adopt(const std::string& directory, const std::vector<std::string>& elements, const std::vector<std::string>& columns,
                 Context& context) {
  if (!fs::is_directory(directory)) throw InputError(fmt::format("adopt: must be a folder, got '{}'", directory));
  const std::vector<std::string> logs = files(directory, is_log), dumps = files(directory, is_dump), data = files(directory, is_data);
  if (logs.size() != 1) throw InputError(fmt::format("adopt: {} must hold one log (log.lammps, *.log), got {}", directory, logs.size()));
  if (dumps.size() > 1) throw InputError(fmt::format("adopt: {} must hold at most one dump, got {}", directory, dumps.size()));
  AdoptedRun run;
  run.log = joined_log(logs.front(), columns);
  std::ifstream in(logs.front());
  std::getline(in, run.version);
  io::ReadOptions options;
  options.units = UnitSystem::metal;
  options.elements = elements;
  if (!dumps.empty()) run.frames = io::read_frames(dumps.front() + "@:", options, context);
  for (const std::string& path : data)
    if (dumps.empty()) run.frames.push_back(io::read_frame(path, options, context));
  if (run.frames.empty())
    throw InputError(fmt::format("adopt: {} must hold a dump (*.dump, *.lammpstrj) or data files (*.data), got none", directory));
  return run;
}

}  // namespace heteroglass::engine
