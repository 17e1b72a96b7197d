/// Energies, forces and their derivatives of a configuration: what every analysis of the energy landscape stands on.
///
/// A Potential is read once and shared; a Calculator serves one system on one caller's thread (it keeps the neighbour list with
/// a skin and its scratch space, and uses OpenMP inside). Copies of the system, for searches side by side, take a calculator each.
///
///     const auto potential = potential::load("CuZr-Mendelev2007", frame);
///     const auto calculator = potential->calculator(frame);
///     const double energy = calculator->forces(frame.box, frame.position, force);
///
/// Units are those of the frame: eV, angstrom (metal) or epsilon, sigma (Lennard-Jones). Stress and elastic moduli come out as
/// energy per volume: multiply by pressure_unit() for GPa (1 in lj). Positions may lie outside the cell. Boxes smaller than twice
/// the cut-off are handled by images. Atoms of a two-dimensional potential feel no force along z.
///
/// Sign: stress is positive in tension. Voigt order everywhere: xx, yy, zz, yz, xz, xy.
/// Results do not depend on the number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::potential {

using Voigt = std::array<double, 6>;                     ///< xx, yy, zz, yz, xz, xy
using Stiffness = std::array<std::array<double, 6>, 6>;  ///< Voigt by Voigt

/// Symmetric sparse matrix of 3x3 blocks, block rows by atom; the full pattern (both triangles), columns ascending.
struct BlockMatrix {
  std::size_t atoms = 0;
  std::vector<std::int64_t> row;     ///< (atoms + 1) first block of each row
  std::vector<std::int32_t> column;  ///< (blocks)
  std::vector<Mat3> block;           ///< [energy/length^2, (blocks)]
};

struct PerAtom {
  std::vector<double> energy;  ///< [energy, (atoms)] sums to the total
  std::vector<Voigt> virial;   ///< [energy, (atoms)] divide by an atomic volume for a stress; positive in tension; sums to stress x volume
};

/// Second derivatives under homogeneous strain e, r -> (1 + e) r, at fixed fractional positions.
struct BornTerms {
  Voigt stress{};                          ///< [energy/length^3] d(E)/d(e)/V
  Stiffness stiffness{};                   ///< [energy/length^3] d2(E)/d(e)d(e)/V with symmetric (Green-Lagrange) strain: the affine part
  std::vector<std::array<Vec3, 6>> force;  ///< [energy/length, (atoms)] Xi: d(force)/d(strain component), Voigt shears count gamma = 2 e
};

class Functional;

class Calculator {
 public:
  virtual ~Calculator() = default;
  virtual std::size_t size() const = 0;

  /// Energy; forces [energy/length] are overwritten. `virial` (may be null) is sum of r f = stress x volume [energy], Voigt.
  virtual double forces(const Box& box, std::span<const Vec3> position, std::span<Vec3> force, Voigt* virial = nullptr) = 0;
  virtual PerAtom per_atom(const Box& box, std::span<const Vec3> position) = 0;

  /// From now on atoms with a zero entry (of size() entries; empty: none) stand still, and forces() need only be right on the others;
  /// other forces, the energy and the virial may be anything. A calculator that can makes forces() cheaper by that. A new call is needed
  /// when the still atoms are to be elsewhere. per_atom() and expand() are not for this state.
  virtual void select(std::span<const char> /*moving*/) {}

  /// Fixes the point at which the derivatives below are taken.
  virtual void expand(const Box& box, std::span<const Vec3> position) = 0;
  /// out = H v, matrix-free; several vectors at once are cheaper: v and out hold `vectors` blocks of size() one after the other.
  virtual void hessian_product(std::span<const Vec3> v, std::span<Vec3> out, std::size_t vectors = 1) = 0;
  /// The whole matrix; its memory is hessian_bytes().
  virtual BlockMatrix hessian() = 0;
  virtual double hessian_bytes() = 0;
  virtual BornTerms born() = 0;
  /// Per-atom share of the Born stiffness times volume [energy]: how the atom's virial (as in per_atom) answers to affine strain, made
  /// symmetric; sums to born().stiffness x V.
  virtual std::vector<Stiffness> born_per_atom() = 0;

  /// Calls of forces() so far.
  std::int64_t evaluations() const { return evaluations_; }

 protected:
  std::int64_t evaluations_ = 0;
};

class Potential {
 public:
  virtual ~Potential() = default;
  virtual std::string name() const = 0;
  virtual std::string reference() const = 0;  ///< who made it, for the report
  virtual double cutoff() const = 0;          ///< [length] of one interaction
  virtual double range() const = 0;           ///< [length] how far an atom's move changes forces: the cut-off for pairs, twice it for EAM
  virtual int dimension() const { return 3; }
  virtual std::string caution() const { return {}; }  ///< what a user must know before starting; usually nothing
  virtual UnitSystem units() const = 0;
  /// For the species, types and periodicity of `frame` (its positions are not kept).
  /// @throws InputError when a species is missing (naming those there are).
  virtual std::unique_ptr<Calculator> calculator(const Frame& frame) const = 0;
  /// The terms of single pairs and atoms, for those who change few at a time; species by index in the frame. Null where there are none
  /// (through LAMMPS) or an atom's size counts too. @throws as calculator()
  virtual std::shared_ptr<const Functional> pair_functional(const Frame& /*frame*/) const { return nullptr; }
};

/// A file or alias as `heteroglass sample quench --potential` takes it, `lj:kob-andersen`, `lj:wahnstrom`, ... (see lennard_jones.hpp),
/// `kim:MODEL` or a LAMMPS script through a LAMMPS process (slower; see through_lammps.hpp).
/// `context` is warned when the potential is of the slow kind.
/// @throws InputError for unknown names or a frame of other units or species; FormatError for a damaged file.
std::shared_ptr<const Potential> load(const std::string& name, const Frame& frame, Context& context = Context::quiet());

/// Names of the potentials that need no file, with what they are.
std::vector<std::pair<std::string, std::string>> built_in();

/// GPa per (eV/angstrom^3), or 1 in Lennard-Jones units.
double pressure_unit(UnitSystem units);

}  // namespace heteroglass::potential
