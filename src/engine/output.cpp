#include "engine/output.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/configuration.hpp"
#include "io/curve_file.hpp"

namespace heteroglass::engine {
namespace {

void append(Curve& to, const Curve& rows, bool drop_first) {
  if (to.columns.empty()) {
    to.columns = rows.columns;
    return;
  }
  for (std::size_t c = 0; c < to.columns.size(); ++c) {
    const std::vector<double>& values = rows.columns.at(c).values;
    to.columns[c].values.insert(to.columns[c].values.end(), values.begin() + (drop_first ? 1 : 0), values.end());
  }
}

}  // namespace

Curve stage_log(const Job& job, const std::string& stage) {
  Curve out;
  for (const Chunk& c : chunks(job)) {
    if (c.stage == 0 || job.stages[c.stage - 1].name != stage) continue;
    const std::string path = (job.directory / (c.name + ".log")).string();
    const std::vector<Curve> runs = io::read_lammps_log(path);
    if (runs.empty() || runs.front().size() == 0) throw FormatError(path, 0, "must hold the rows of a run");
    for (const Curve& run : runs) append(out, run, !out.columns.empty());
  }
  out.source = (job.directory / stage).string();
  return out;
}

Frame kept_frame(const Job& job, const std::string& stage, long step) {
  const std::vector<Chunk> all = chunks(job);
  const Chunk& c = chunk_at(job, all, stage, step);
  io::ReadOptions options;
  options.units = UnitSystem::metal;
  for (const Species& s : job.start.species) options.elements.push_back(s.name);
  Frame frame = io::read_frame((job.directory / (c.name + ".data")).string(), options);
  frame.timestep = c.until;
  frame.time = static_cast<double>(c.until) * job.timestep;
  frame.source = fmt::format("{} {}", job.title, stage);
  return frame;
}

std::vector<double> per_atom(const Curve& log, const std::string& column, const Job& job) {
  std::vector<double> values = log.at(column).values;
  for (double& v : values) v /= static_cast<double>(job.start.size());
  return values;
}

}  // namespace heteroglass::engine
