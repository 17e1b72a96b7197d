#include "engine/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.hpp"

namespace heteroglass::engine {
namespace {

const char* neighbor_commands =
    "neighbor 1.0 bin\n"
    "neigh_modify every 1 delay 5 check yes\n";

std::vector<std::string> symbols(const Job& job) {
  std::vector<std::string> out;
  for (const Species& s : job.start.species) out.push_back(s.name);
  return out;
}

std::size_t stage_number(const Job& job, const std::string& name) {
  for (std::size_t k = 0; k < job.stages.size(); ++k)
    if (job.stages[k].name == name) return k + 1;
  throw InputError(fmt::format("{}: a stage must start from an earlier stage, got '{}'", job.title, name));
}

std::string stem(const Job& job, std::size_t stage, std::size_t chunk) {
  return fmt::format("{:02}-{}.{:04}", stage, stage == 0 ? "start" : job.stages[stage - 1].name, chunk);
}

/// Steps at which the chunks of a stage end.
std::vector<long> chunk_ends(const Job& job, const Stage& stage) {
  if (stage.kind == Stage::Kind::minimise) return {0};
  std::set<long> ends = {stage.steps};
  for (long s = job.checkpoint_interval; s < stage.steps; s += job.checkpoint_interval) ends.insert(s);
  for (const long s : stage.keep)
    if (s > 0 && s < stage.steps) ends.insert(s);
  return {ends.begin(), ends.end()};
}

bool kept(const Stage& stage, long step) {
  return step == stage.steps || stage.kind == Stage::Kind::minimise ||
         std::find(stage.keep.begin(), stage.keep.end(), step) != stage.keep.end();
}

std::string output_commands(const Stage& stage) {
  return fmt::format(
      "thermo {}\n"
      "thermo_style custom {}\n"
      "thermo_modify flush yes format float %.15g\n",
      stage.log_every, log_columns);
}

std::string end_of_chunk(bool may_keep) {
  return std::string("write_restart ${this}.tmp\n") + (may_keep ? "if \"${keep} == 1\" then \"write_data ${this}.data nocoeff\"\n" : "") +
         "log none\n"
         "shell mv ${this}.tmp ${this}.restart\n";
}

/// [1] step at which a stage begins.
long first_step(const std::vector<Chunk>& all, std::size_t stage) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].stage == stage) return all[i].until - all[i].steps;
  return 0;
}

}  // namespace

std::vector<Chunk> chunks(const Job& job) {
  std::vector<Chunk> all = {{0, stem(job, 0, 0), "", 0, 0, false}};
  for (std::size_t k = 1; k <= job.stages.size(); ++k) {
    const Stage& stage = job.stages[k - 1];
    const Chunk* origin = &all.back();
    if (!stage.from.empty()) {
      if (stage.from == "start") {
        origin = &all.front();
      } else {
        if (stage_number(job, stage.from) >= k) stage_number(job, stage.from + " (it comes later)");
        origin = &chunk_at(job, all, stage.from, stage.from_step);
      }
    }
    std::string from = origin->name;
    const long begin = origin->until;
    std::size_t n = 0;
    long before = 0;
    for (const long end : chunk_ends(job, stage)) {
      Chunk c{k, stem(job, k, n++), from, begin + end, end - before, kept(stage, end)};
      from = c.name, before = end;
      all.push_back(std::move(c));
    }
  }
  return all;
}

const Chunk& chunk_at(const Job& job, const std::vector<Chunk>& all, const std::string& stage, long step) {
  const std::size_t k = stage_number(job, stage);
  const Stage& s = job.stages[k - 1];
  const long begin = first_step(all, k);
  const long wanted = s.kind == Stage::Kind::minimise ? begin : begin + (step < 0 ? s.steps : step);
  for (const Chunk& c : all)
    if (c.stage == k && c.until == wanted) return c;
  throw InputError(fmt::format("{}: stage {} must keep its step {}, got no chunk that ends there", job.title, stage, step));
}

std::string stage_script_name(const Job& job, std::size_t stage) {
  return fmt::format("{:02}-{}.in", stage, stage == 0 ? "start" : job.stages[stage - 1].name);
}

std::string stage_script(const Job& job, std::size_t stage) {
  std::string s = "clear\nlog ${this}.log\n" + job.potential.commands_before();
  if (stage == 0) {
    s += "boundary p p p\nbox tilt large\nread_data start.data\n";
    s += job.potential.commands_after(symbols(job)) + neighbor_commands + job.start_commands;
    return s + end_of_chunk(false);
  }
  const Stage& t = job.stages[stage - 1];
  s += "box tilt large\nread_restart ${from}.restart\n" + job.potential.commands_after(symbols(job)) + neighbor_commands +
       output_commands(t);
  if (t.kind == Stage::Kind::minimise) return s + "velocity all set 0 0 0\n" + t.commands + end_of_chunk(true);
  const std::vector<Chunk> all = chunks(job);
  const long begin = first_step(all, stage);
  s += fmt::format("timestep {}\n", job.timestep) + t.commands;
  s += fmt::format("run ${{until}} upto start {} stop {}\n", begin, begin + t.steps);
  return s + end_of_chunk(true);
}

std::string master_script(const Job& job, const std::vector<Chunk>& all, std::size_t first) {
  std::string s = fmt::format("# {}, chunks {} to {} of {}\n", job.title, first + 1, all.size(), all.size());
  for (std::size_t i = first; i < all.size(); ++i) {
    const Chunk& c = all[i];
    s += fmt::format("variable this string {}\nvariable from string {}\nvariable until string {}\nvariable keep string {}\ninclude {}\n",
                     c.name, c.from.empty() ? "none" : c.from, c.until, c.keep ? 1 : 0, stage_script_name(job, c.stage));
    const bool read_later =
        std::any_of(all.begin() + static_cast<long>(i) + 1, all.end(), [&](const Chunk& d) { return d.from == c.from; });
    if (!c.from.empty() && !read_later) s += fmt::format("shell rm {}.restart\n", c.from);
  }
  return s;
}

}  // namespace heteroglass::engine
