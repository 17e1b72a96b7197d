/// Athermal quasistatic loading: from minimum to minimum of the energy along a path of strains, each drop found by bisection.
///
///     r -> F(gamma') F(gamma)^-1 r + extrapolated non-affine displacement,  then relax at gamma'
///
/// On an elastic branch dE/dgamma = V tau, so that between two neighbouring minima
///
///     heat = (V tau + V' tau') (gamma' - gamma) / 2 - (E' - E)
///
/// is zero to third order in the step; a drop releases its energy. A step whose heat exceeds `least_drop` is halved, always from the
/// last minimum before the drop, until the drop is located to `strain_tolerance`; then loading goes on from the minimum after it.
/// The extrapolation is the polynomial through the last three minima of the branch. Towards an instability the non-affine velocity grows
/// without bound with all its derivatives of one sign, so that the polynomial stays short of the true path: it cannot
/// bring a drop forward (Maloney, Lemaitre, Phys. Rev. E 74, 016118 (2006), doi:10.1103/PhysRevE.74.016118).
///
/// reset() starts the calculator anew; what follows depends only on what save() writes, so that a run that goes on from a checkpoint made
/// behind a reset ends bit for bit the same.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "io/archive.hpp"
#include "landscape/relax.hpp"
#include "potential/potential.hpp"

namespace heteroglass::deform {

enum class Mode { simple_shear, pure_shear, uniaxial, along };

/// What a strain does to the cell, and which stress does its work.
class Loading {
 public:
  /// @param plane two of xyz: displacement along the first (pure shear: stretched), gradient along the second (compressed)
  /// @param axis one of xyz, of uniaxial loading; the other (periodic) directions relax to zero stress
  Loading(Mode mode, const std::string& plane, const std::string& axis, int dimension, const std::array<bool, 3>& periodic);

  /// F = 1 + strain m for any m; the stress that does its work is sigma : (m F^-1).
  static Loading along(const Mat3& m);

  /// r -> F r from the unstrained cell; of uniaxial loading the axial entry only.
  Mat3 gradient(double strain) const;
  /// simple shear: sigma_ab; pure shear: (sigma_aa - sigma_bb) / 2; uniaxial: sigma_aa.
  double stress(const potential::Voigt& sigma, double strain) const;
  /// Work by a small strain, per strain and volume: the stress, of uniaxial loading divided by 1 + strain.
  double work(const potential::Voigt& sigma, double strain) const;
  Loading() = default;
  bool uniaxial() const { return mode_ == Mode::uniaxial; }
  const std::array<bool, 6>& lateral() const { return lateral_; }

 private:
  Mode mode_ = Mode::simple_shear;
  Mat3 m_;
  std::size_t a_ = 0, b_ = 1;
  std::array<bool, 6> lateral_{};
};

/// A minimum on the path. Positions are not wrapped, so that they move continuously.
struct Minimum {
  double strain = 0;
  Box box;
  std::vector<Vec3> position;
  double energy = 0;          ///< [eV, epsilon]
  potential::Voigt stress{};  ///< [GPa or lj]
  double residual = 0;        ///< [eV/angstrom]
  bool dropped = false;       ///< left early: the energy fell below what the branch allows
};

struct Drop {
  double strain = 0, width = 0;                                   ///< middle and length of the interval that holds it
  double late = 0;                                                ///< how far beyond the drop forces still count as zero; see drop_delay
  double stress_before = 0, stress_drop = 0, energy_drop = 0;     ///< [GPa], [GPa], [eV]
  double atoms = 0, participation = 0, largest_displacement = 0;  ///< moved atoms, (sum u^2)^2 / sum u^4, [angstrom]
  Vec3 centre;                                                    ///< [angstrom] mean weighted by u^2, through the periodic boundary
};

struct QuasistaticSettings {
  landscape::Relaxation relax;
  double least_drop = 1e-4;        ///< [eV]
  double strain_tolerance = 1e-6;  ///< of bisection
  bool bisect = true;
  double moved = 0.1;              ///< [angstrom] displacement from which an atom counts as moved by a drop
  double stress_tolerance = 1e-4;  ///< [GPa] of the lateral stress
  bool stop_at_drop = false;       ///< stay at the last minimum before the first drop, whose end is not sought
  double kick = 0;                 ///< [angstrom] random displacement before each relaxation, to leave points that are unstable by symmetry
};

class Quasistatic {
 public:
  /// Minimises at zero strain. @throws InputError, NumericalError, Interrupted
  Quasistatic(std::shared_ptr<const potential::Potential> potential, const Frame& frame, const Loading& loading,
              const QuasistaticSettings& settings, Context& context);

  /// Moves to a strain, through whatever drops lie between.
  void go_to(double strain);
  const Minimum& state() const { return state_; }
  const std::vector<Drop>& drops() const { return drops_; }
  std::int64_t evaluations() const { return evaluations_; }
  double least_drop() const { return least_drop_; }
  double unit() const { return unit_; }
  int unconverged() const { return unconverged_; }

  void reset();
  void save(io::Archive& out) const;
  void load(io::Archive& in);

 private:
  /// A point of the branch in coordinates of the cell.
  struct Point {
    double strain = 0;
    Mat3 edges;
    std::vector<Vec3> fractional;
  };
  using Branch = std::vector<Point>;

  Minimum relaxed(const Branch& branch, double strain, double stop_below);
  void settle(Minimum& m, double stop_below);
  double power(const Minimum& m) const;
  double heat(const Minimum& from, const Minimum& to) const;
  void accept(Minimum m);
  void kick(Minimum& m) const;
  void pass_drop(Minimum high);
  Drop describe(const Minimum& before, const Minimum& after) const;
  static std::vector<Vec3> unstable_mode(const Branch& branch);
  double drop_delay(const Branch& branch, const Minimum& low);
  static void extend(Branch& branch, const Minimum& m);

  std::shared_ptr<const potential::Potential> potential_;
  const Frame& frame_;
  Loading loading_;
  QuasistaticSettings settings_;
  Context& context_;
  std::unique_ptr<potential::Calculator> calculator_;
  landscape::CurvatureMemory memory_;
  double unit_, least_drop_;
  Minimum state_;
  Branch branch_;
  std::vector<Drop> drops_;
  std::int64_t evaluations_ = 0;
  int unconverged_ = 0;
  double step_factor_ = 1;  ///< of the longest move; small while a drop is located
};

}  // namespace heteroglass::deform
