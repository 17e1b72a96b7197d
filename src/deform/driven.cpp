#include "deform/driven.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "engine/adopt.hpp"
#include "engine/commands.hpp"
#include "engine/cost.hpp"
#include "engine/output.hpp"
#include "engine/potential.hpp"
#include "engine/run.hpp"

namespace heteroglass::deform {
namespace {

bool moves(const Frame& frame) {
  return std::any_of(frame.velocity.begin(), frame.velocity.end(), [](const Vec3& v) { return norm2(v) > 0; });
}

/// Steps at which configurations are kept, the first (0) included.
std::vector<long> kept_steps(long steps, int frames) {
  std::vector<long> out;
  for (int k = 0; k < frames; ++k) out.push_back(std::lround(static_cast<double>(steps) * k / (frames - 1)));
  return out;
}

std::vector<std::string> symbols_of(const Frame& frame) {
  std::vector<std::string> out;
  for (const Species& s : frame.species) out.push_back(s.name);
  return out;
}

long total_steps(const DrivenOptions& o) {
  const double steps = o.max_strain / (o.rate * 1e-12 * o.timestep);
  if (steps < 100)
    throw InputError(fmt::format("rate: a test must take at least 100 steps, got {:.0f} at {} 1/s; lower the rate", steps, o.rate));
  if (steps > 1e12)
    throw InputError(fmt::format("rate: must be within reach of molecular dynamics, got {:.3g} steps at {} 1/s", steps, o.rate));
  return std::lround(steps);
}

void check(const Frame& frame, const DrivenOptions& o) {
  if (frame.units == UnitSystem::lj)
    throw InputError(fmt::format("{}: the test needs a frame in metal units, got Lennard-Jones units", frame.source));
  frame.require_species_names();
  if (o.modulus_strain > o.max_strain)
    throw InputError(fmt::format("modulus_strain: must not exceed max_strain {}, got {}", o.max_strain, o.modulus_strain));
}

Frame start_frame(const Frame& frame, const engine::Potential& potential) {
  Frame f = frame;
  for (Species& s : f.species) s.mass = potential.mass(s.name);
  f.properties.clear();
  f.image.clear();
  return f;
}

/// Stages equilibrate, the test, and one minimisation for each kept configuration.
engine::Job driven_job(const Frame& frame, const Drive& how, const DrivenOptions& o, const std::filesystem::path& directory) {
  const engine::Potential potential = engine::find_potential(o.potential, symbols_of(frame));
  const long steps = total_steps(o);
  engine::Job job;
  job.directory = directory;
  job.title = how.name;
  job.start = start_frame(frame, potential);
  // Half of the kinetic energy given to a minimised configuration goes into its vibrations.
  job.start_commands = how.start + (moves(frame) ? "" : engine::velocity_commands(2 * o.temperature, std::max(1, o.seed)));
  job.potential = potential;
  job.timestep = o.timestep;
  job.checkpoint_interval = o.engine.checkpoint_interval;
  const long before = std::max(1L, std::lround(o.equilibration_time / o.timestep));
  job.stages.push_back({.name = "equilibrate", .steps = before, .commands = how.equilibrate});
  const std::string deform = fmt::format("fix drive all deform 1 {} {} remap x flip no\n", how.deform, how.sign * o.rate * 1e-12);
  const std::vector<long> keep = kept_steps(steps, o.frames);
  const int log_every = static_cast<int>(std::clamp(steps / 2000, 1L, 100L));
  job.stages.push_back({.name = how.name, .steps = steps, .commands = how.integrate + deform, .log_every = log_every, .keep = keep});
  for (std::size_t k = 0; o.inherent && k < keep.size(); ++k)
    job.stages.push_back({.kind = engine::Stage::Kind::minimise,
                          .name = fmt::format("inherent-{}", k),
                          .from = k == 0 ? "equilibrate" : how.name,
                          .from_step = k == 0 ? -1 : keep[k],
                          .commands = engine::minimise_commands(o.force_tolerance)});
  return job;
}

DrivenRun adopted(const Frame& frame, const DrivenOptions& o, Context& context) {
  engine::AdoptedRun run =
      engine::adopt(o.engine.adopt, symbols_of(frame), {"Step", "Pxx", "Pyy", "Pzz", "Pxy", "Pxz", "Pyz", "Lx", "Ly", "Lz"}, context);
  DrivenRun out;
  out.log = std::move(run.log), out.configuration = std::move(run.frames), out.engine_version = run.version;
  out.atoms = static_cast<double>(out.configuration.front().size());
  out.adopted = true;
  for (std::size_t k = 0; k < out.configuration.size(); ++k) out.frame_strain.push_back(NAN);
  context.warn("adopted: strains of the kept configurations are unknown, and none was minimised");
  return out;
}

void read_frames(const engine::Job& job, const Drive& how, const DrivenOptions& o, DrivenRun& run, Context& context) {
  const std::vector<long> keep = job.stages[1].keep;
  for (std::size_t k = 0; k < keep.size(); ++k) {
    const bool first = k == 0;
    run.frame_strain.push_back(static_cast<double>(keep[k]) * o.timestep * o.rate * 1e-12);
    run.configuration.push_back(engine::kept_frame(job, first ? "equilibrate" : how.name, first ? -1 : keep[k]));
    if (!o.inherent) continue;
    const std::string stage = fmt::format("inherent-{}", k);
    run.inherent.push_back(engine::kept_frame(job, stage));
    run.inherent.back().timestep = run.configuration.back().timestep, run.inherent.back().time = run.configuration.back().time;
    const double force = engine::stage_log(job, stage).at("Fmax").values.back();
    if (force > 10 * o.force_tolerance)
      context.warn(fmt::format(
          "configuration {}: the minimisation stopped at a largest force component of {:.2g} eV/angstrom, above the tolerance {:.2g}", k,
          force, o.force_tolerance));
  }
}

}  // namespace

DrivenRun drive(const Frame& frame, const Drive& how, const DrivenOptions& o, Context& context) {
  check(frame, o);
  if (!o.engine.adopt.empty()) return adopted(frame, o, context);
  const engine::Workspace workspace(context, o.engine);
  const engine::Job job = driven_job(frame, how, o, workspace.path() / how.name);
  DrivenRun run;
  run.atoms = static_cast<double>(frame.size());
  run.written_only = !engine::run_jobs({&job, 1}, o.engine, context);
  if (run.written_only) {
    context.warn(fmt::format(
        "only scripts and inputs were written, in {}: run `lmp {} -in run.in` there, then this command again without --write-only",
        job.directory.string(), fmt::join(o.engine.engine_arguments(), " ")));
    return run;
  }
  run.log = engine::stage_log(job, how.name);
  run.engine_version = engine::engine_version(job);
  read_frames(job, how, o, run, context);
  return run;
}

const Fields& DrivenOptions::fields() {
  static const Fields table = with_nested<&DrivenOptions::engine>({
      field<&DrivenOptions::potential>("potential", "", "file, alias (CuZr-Mendelev2007) or kim:MODEL"),
      field<&DrivenOptions::rate>("rate", "1/s", "engineering strain rate").positive(),
      field<&DrivenOptions::temperature>("temperature", "K", "temperature of the test").positive(),
      field<&DrivenOptions::max_strain>("max_strain", "1", "strain at the end").range(1e-4, 1),
      field<&DrivenOptions::equilibration_time>("equilibration_time", "ps", "time at zero pressure before the test").positive(),
      field<&DrivenOptions::timestep>("timestep", "ps", "time step").range(1e-5, 0.02),
      field<&DrivenOptions::frames>("frames", "1", "configurations kept, at equal strains from 0 to the last").range(2, 1e5),
      field<&DrivenOptions::inherent>("inherent", "", "minimise the kept configurations too"),
      field<&DrivenOptions::force_tolerance>("force_tolerance", "eV/angstrom", "largest force on an atom after minimising").positive(),
      field<&DrivenOptions::modulus_strain>("modulus_strain", "1", "upper end of the line of the modulus").range(1e-4, 0.2),
      field<&DrivenOptions::windows>("windows", "1", "windows of the averaged curve").range(5, 1e5),
      field<&DrivenOptions::seed>("seed", "1", "of the velocities, when the input has none").range(0, 9e8),
  });
  return table;
}

std::string driven_cost(const DrivenOptions& o, double atoms) {
  engine::find_potential(o.potential, {});
  const double time = o.equilibration_time + o.max_strain / (o.rate * 1e-12);  // ps
  return engine::cost_text(time / o.timestep, atoms, 1, o.engine);
}

}  // namespace heteroglass::deform
