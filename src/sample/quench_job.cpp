#include "sample/quench_job.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/constants.hpp"
#include "engine/commands.hpp"
#include "sample/start.hpp"

namespace heteroglass::sample {
namespace {

long steps_in(double time, double timestep) { return std::max(1L, std::lround(time / timestep)); }

}  // namespace

engine::Job quench_job(const QuenchOptions& o, const engine::Potential& potential, const std::vector<Ramp>& schedule, int member,
                       const std::filesystem::path& directory) {
  const Composition composition = parse_composition(o.composition);
  std::vector<double> masses;
  for (const Component& c : composition.components) masses.push_back(potential.mass(c.symbol));
  const int seed = member_seed(o.seed, member);
  const double bar = o.pressure / constants::bar_in_gpa;
  const auto npt = [&](double from, double to) {
    return fmt::format("fix integrate all npt temp {0} {1} 0.1 iso {2} {2} 2.0\n", from, to, bar);
  };

  engine::Job job;
  job.directory = directory;
  job.title = fmt::format("member {}", member + 1);
  job.start = lattice_start(composition, masses, o.atoms, static_cast<std::uint64_t>(seed));
  job.start_commands = engine::velocity_commands(o.melt_temperature, seed);
  job.potential = potential;
  job.timestep = o.timestep;
  job.checkpoint_interval = o.engine.checkpoint_interval;
  job.stages.push_back(
      {.name = "melt", .steps = steps_in(o.melt_time, o.timestep), .commands = npt(o.melt_temperature, o.melt_temperature)});
  const std::string minimise = engine::minimise_commands(o.force_tolerance, o.relax_box, bar);
  job.stages.push_back({.kind = engine::Stage::Kind::minimise, .name = "liquid", .from = "melt", .commands = minimise});
  std::string before = "melt";
  double from = o.melt_temperature;
  for (std::size_t k = 0; k < schedule.size(); ++k) {
    job.stages.push_back({.name = fmt::format("cool-{}", k + 1),
                          .from = before,
                          .steps = ramp_steps(from, schedule[k], o.timestep),
                          .commands = npt(from, schedule[k].target)});
    before = job.stages.back().name, from = schedule[k].target;
  }
  job.stages.push_back({.name = "hold", .from = before, .steps = steps_in(o.hold_time, o.timestep), .commands = npt(from, from)});
  job.stages.push_back({.kind = engine::Stage::Kind::minimise, .name = "inherent", .from = "hold", .commands = minimise});
  return job;
}

}  // namespace heteroglass::sample
