/// One LAMMPS run as stages cut into chunks, and the scripts that do it.
///
/// Each chunk is `clear`, `read_restart`, potential, fixes and output stated again, `run M upto start S0 stop S1`, `write_restart`
/// to a temporary name, then a rename. The restart file under its final name is the mark that the chunk is complete. Since every
/// chunk starts from a file also in an undisturbed run, one that is killed and resumed has the same trajectory bit for bit.
/// Log and kept configurations belong to a chunk; an interrupted chunk writes them anew.
///
/// Files in the directory of a job: start.data, the potential, NN-STAGE.in (one script a stage), run.in (all chunks in order: it can be
/// given to LAMMPS by hand), and per chunk NN-STAGE.CCCC.{log,restart,data}.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/frame.hpp"
#include "engine/lammps_options.hpp"
#include "engine/potential.hpp"

namespace heteroglass::engine {

/// A part of a run under one set of commands.
struct Stage {
  enum class Kind { dynamics, minimise };
  Kind kind = Kind::dynamics;
  std::string name = {};        ///< letters, digits, hyphens; unique in the job
  std::string from = {};        ///< stage whose state it starts from; empty: the one before (the first: start.data)
  long from_step = -1;          ///< step of that stage, one of its `keep`; -1: its end
  long steps = 0;               ///< [1] of dynamics
  std::string commands = {};    ///< stated in every chunk: fixes, or the minimiser's settings and `minimize`
  int log_every = 20;           ///< [1] steps between rows of the log
  std::vector<long> keep = {};  ///< [1] steps from its beginning at which the configuration is kept; the end always is
};

struct Job {
  std::filesystem::path directory;
  std::string title;  ///< for progress and messages
  Frame start;
  std::string start_commands;  ///< once, after reading start.data: velocities, change_box
  Potential potential;
  double timestep = 0.005;         ///< [ps]
  int checkpoint_interval = 5000;  ///< [1] steps
  std::vector<Stage> stages;
};

/// A part of a stage that is done as a whole or not at all.
struct Chunk {
  std::size_t stage = 0;  ///< 0: reading the start; k: stages[k - 1]
  std::string name;       ///< file stem
  std::string from;       ///< stem of the chunk it starts from; empty for the start
  long until = 0;         ///< [1] step at its end
  long steps = 0;         ///< [1]
  bool keep = false;      ///< configuration kept as NAME.data
};

/// All chunks in the order in which they run. @throws InputError for a stage that starts from nowhere.
std::vector<Chunk> chunks(const Job& job);
/// Chunk at whose end `stage` (by name) is `step` steps (from its beginning) old; -1: its end.
const Chunk& chunk_at(const Job& job, const std::vector<Chunk>& all, const std::string& stage, long step = -1);

/// The script of a stage (0: the start); it uses the variables this, from, until, keep.
std::string stage_script(const Job& job, std::size_t stage);
std::string stage_script_name(const Job& job, std::size_t stage);
/// The script that runs chunks[first] to the last. Restart files that no later chunk reads are removed on the way.
std::string master_script(const Job& job, const std::vector<Chunk>& all, std::size_t first);

/// Columns of the logs that every stage writes. LAMMPS's fmax is the largest component of a force, not the largest force on an atom.
inline constexpr const char* log_columns =
    "step time temp pe ke etotal enthalpy press vol density lx ly lz xy xz yz pxx pyy pzz pxy pxz pyz fmax fnorm";

}  // namespace heteroglass::engine
