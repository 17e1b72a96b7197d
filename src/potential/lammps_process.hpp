/// A LAMMPS process that evaluates one system again and again: commands go in through a pipe, results come back through another.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/frame.hpp"
#include "engine/process.hpp"

namespace heteroglass::potential {

/// Commands of a potential: before the box exists, and after.
struct LammpsCommands {
  std::string before, after;
  bool relative_files = false;  ///< names files, relative to the current directory
};

class LammpsProcess {
 public:
  /// Starts LAMMPS with `frame` (its cell must be one of LAMMPS') and one evaluation of it.
  /// @throws EngineError
  LammpsProcess(const Frame& frame, const LammpsCommands& commands);
  ~LammpsProcess();
  LammpsProcess(const LammpsProcess&) = delete;
  LammpsProcess& operator=(const LammpsProcess&) = delete;

  struct Row {
    Vec3 force;
    std::array<double, 7> extra{};  ///< energy and virial (xx yy zz yz xz xy) of the atom, if asked for
  };
  struct Answer {
    double energy = 0;
    std::array<double, 6> virial{};  ///< positive in tension, Voigt order
    std::vector<Row> rows;           ///< by atom
  };
  /// @throws EngineError with the end of LAMMPS' log
  const Answer& evaluate(const Box& box, std::span<const Vec3> position, bool per_atom);

  /// Cut-off of the potential, as LAMMPS states it; 0: not found.
  double cutoff() const;

 private:
  void send(const std::string& text);
  std::string receive(const std::string& until);
  [[noreturn]] void fail(const std::string& why);
  void write_positions(const Box& box, std::span<const Vec3> position) const;

  std::filesystem::path folder_;
  int commands_ = -1, answers_ = -1;
  std::optional<engine::Process> process_;
  std::vector<int> type_;
  std::vector<std::int64_t> id_;
  UnitSystem units_;
  bool asked_per_atom_ = false;
  std::int64_t count_ = 0;
  Answer answer_;
};

}  // namespace heteroglass::potential
