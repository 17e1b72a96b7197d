/// The walk of a reverse Monte Carlo refinement: one atom at a time moves, and stays where the data allow it.
///
///     accept with probability min(1, exp(-(chi2_new - chi2_old)/2)),   chi2 = sum_targets sum_k (m_k - wanted_k)^2 / sigma_k^2
///
/// and only if no more pairs than before are nearer than their minimum distance (atoms of such pairs try jumps of up to 2 angstrom). Moves are proposed in batches: the changes of all
/// targets are found side by side from one state, then taken in turn; what an accepted move changed for a later one of its batch is
/// put right before that one is judged (two pairs of distances, or all of it where the atoms are close). So the walk is the exact
/// sequential one and does not depend on the number of threads. Random numbers are functions of the seed and the move's number.
/// Cost of a move: neighbours within r_max times points of the targets; not the number of atoms.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/frame.hpp"
#include "io/archive.hpp"
#include "potential/functional.hpp"
#include "structure/rmc_target.hpp"

namespace heteroglass::structure {

/// An energy beside the data: exp(-chi2/2 - E/kT).
struct RmcEnergy {
  std::shared_ptr<const potential::Functional> terms;  ///< null: none
  double temperature = 0;                              ///< [eV] kT
};

struct RmcRules {
  Matrix least;           ///< [angstrom, (species, species)] minimum distances
  double max_move = 0.2;  ///< [angstrom] at the start; it follows the acceptance
  std::uint64_t seed = 1;
  RmcEnergy energy = {};
};

class RmcWalk {
 public:
  /// @param bins r_max at most half the smallest height of the box
  RmcWalk(const Frame& frame, SpeciesPairs pairs, const DistanceBins& bins, std::vector<RmcTarget> targets, RmcRules rules);

  /// `moves` more proposals.
  void run(std::uint64_t moves);
  /// All sums anew from the positions, which takes off what rounding added.
  void count();

  double chi_squared() const { return chi2_; }
  /// [eV] of the last count(); 0 without an energy
  double energy() const { return energy_; }
  std::uint64_t proposed() const { return proposed_; }
  std::uint64_t accepted() const { return accepted_; }
  /// Pairs nearer than their minimum distance.
  std::size_t overlaps() const;
  double max_move() const { return rules_.max_move; }
  const std::vector<Vec3>& positions() const { return position_; }
  const std::vector<RmcTarget>& targets() const { return targets_; }
  const std::vector<double>& model(std::size_t target) const { return model_[target]; }
  const std::vector<std::vector<std::int32_t>>& histogram() const { return counts_; }

  void save(io::Archive& out) const;
  void load(io::Archive& in);

 private:
  struct Proposal {
    std::size_t atom = 0;
    Vec3 to;
    double lot = 0;                                ///< uniform number that decides
    int overlaps = 0;                              ///< change of the number of close pairs
    double energy = 0;                             ///< [eV] change
    std::vector<std::vector<std::int16_t>> delta;  ///< change of counts, by species of the other atom and bin
    std::vector<std::vector<float>> change;        ///< of the models, by target
  };

  void fill_cells();
  void propose(std::uint64_t move, Proposal& p) const;
  void evaluate(Proposal& p) const;
  void begin(Proposal& p) const;
  void finish(Proposal& p) const;
  void count_around(Proposal& p, const Vec3& centre, int sign) const;
  template <class Visit> void visit_near(const Vec3& centre, double reach, std::size_t but, Visit visit) const;
  double energy_change(const Proposal& p) const;
  void embed();
  void add_change(Proposal& p, std::size_t species, std::size_t bin, int times) const;
  bool judge(Proposal& p) const;
  void accept(const Proposal& p);
  void put_right(Proposal& p, std::size_t moved, const Vec3& from, const Vec3& to) const;
  std::size_t cell_at(int x, int y, int z) const {
    return (static_cast<std::size_t>(z) * static_cast<std::size_t>(cells_[1]) + static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(cells_[0]) +
           static_cast<std::size_t>(x);
  }
  std::size_t cell_of(const Vec3& r, std::array<int, 3>& place) const;
  std::size_t pair_of(std::size_t a, std::size_t b) const { return pairs_.of(a, b); }
  void adapt(std::uint64_t tried, std::uint64_t taken);

  Box box_;
  SpeciesPairs pairs_;
  DistanceBins bins_;
  std::vector<RmcTarget> targets_;
  RmcRules rules_;
  std::vector<std::size_t> species_;  ///< by atom
  std::size_t kinds_;                 ///< species of the frame
  std::vector<Vec3> position_;
  std::array<int, 3> cells_{}, reach_{};
  std::vector<std::vector<std::int32_t>> members_;
  std::vector<std::size_t> home_;
  std::vector<std::vector<std::int32_t>> counts_;
  std::vector<std::vector<double>> model_;
  std::vector<double> density_;  ///< of the embedding, by atom
  double chi2_ = 0, closest_ = 0, energy_ = 0;
  std::uint64_t proposed_ = 0, accepted_ = 0;
};

}  // namespace heteroglass::structure
