#include "landscape/minimise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/analysis.hpp"
#include "core/constants.hpp"
#include "core/error.hpp"
#include "landscape/relax.hpp"

namespace heteroglass::landscape {
namespace {

CellRelaxation cell_relaxation(const MinimiseOptions& o) {
  CellRelaxation cell{.stress_tolerance = o.stress_tolerance, .isotropic = o.relax_box == "isotropic"};
  if (o.stress.size() != 1 && o.stress.size() != 6)
    throw InputError(fmt::format("stress: must be one value or six (xx, yy, zz, yz, xz, xy), got {}", o.stress.size()));
  for (std::size_t k = 0; k < 6; ++k) {
    cell.stress[k] = o.stress.size() == 6 ? o.stress[k] : k < 3 ? o.stress[0] : 0;
    cell.free[k] = k < 3 || o.relax_box == "full";
    if (!cell.free[k] && cell.stress[k] != 0)
      throw InputError(fmt::format("stress: must have no shear unless relax_box is full, got {} GPa", cell.stress[k]));
  }
  return cell;
}

void check_stress_is_wanted(const MinimiseOptions& o) {
  if (o.relax_box == "none" && o.stress != MinimiseOptions{}.stress)
    throw InputError(fmt::format("stress: is reached by changing the box only; must come with relax_box, got {} GPa", o.stress[0]));
}

std::vector<double> stress_of(const potential::Voigt& virial, double volume, double unit) {
  std::vector<double> s;
  for (const double v : virial) s.push_back(v / volume * unit);
  return s;
}

double density(const Frame& f) {
  double mass = 0;
  const std::vector<std::size_t> counts = f.species_counts();
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] > 0 && !(f.species[s].mass > 0)) return NAN;
    mass += f.species[s].mass * double(counts[s]);
  }
  return f.units == UnitSystem::lj ? NAN : mass / f.box.volume() * constants::density_factor;
}

/// Displacements beyond the map of the cell, less their mean.
void displace(const Frame& from, const Box& box, const std::vector<Vec3>& to, Minimise& r) {
  const Mat3 f = box.edges() * from.box.inverse_edges();
  const std::size_t n = from.size();
  std::vector<Vec3> u(n);
  Vec3 mean;
  for (std::size_t i = 0; i < n; ++i) mean += u[i] = to[i] - box.origin() - f * (from.position[i] - from.box.origin());
  r.displacement = Matrix(n, 3);
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Vec3 d = u[i] - mean / double(n);
    for (std::size_t k = 0; k < 3; ++k) r.displacement(i, k) = d[k];
    r.displacement_length.push_back(norm(d));
    squares += norm2(d);
  }
  r.displacement_rms = std::sqrt(squares / double(n));
  r.displacement_largest = *std::max_element(r.displacement_length.begin(), r.displacement_length.end());
}

}  // namespace

Frame moved(const Frame& frame, const Box& box, std::vector<Vec3> position) {
  Frame f = frame;
  f.box = box, f.position = std::move(position);
  f.properties.clear();
  if (f.image.empty()) f.image.resize(f.size());
  f.velocity.assign(f.size(), Vec3{});
  f.normalise();
  return f;
}

Minimise minimise(const Frame& frame, const MinimiseOptions& o, Context& context) {
  check_stress_is_wanted(o);
  const CellRelaxation cell = cell_relaxation(o);
  const auto potential = potential::load(o.potential, frame, context);
  const auto calculator = potential->calculator(frame);
  const double unit = potential::pressure_unit(frame.units);
  Minimise r;
  r.potential_reference = potential->reference();
  r.component = {"xx", "yy", "zz", "yz", "xz", "xy"};
  Box box = frame.box;
  std::vector<Vec3> position = frame.position, force(frame.size());
  potential::Voigt virial{};
  r.energy_start = calculator->forces(box, position, force, &virial);
  r.stress_start = stress_of(virial, box.volume(), unit);
  const Relaxation how{
      .method = method(o.method), .force_tolerance = o.force_tolerance, .max_evaluations = o.max_evaluations, .max_step = o.max_step};
  const Relaxed m = o.relax_box == "none" ? relax(*calculator, box, position, how, context)
                                          : relax_cell(*calculator, box, position, how, cell, unit, context);
  if (!m.converged)
    context.warn(
        fmt::format("not at a minimum: residual force {:.2g}, tolerance {:.2g}; {}", m.residual_force, o.force_tolerance, m.message));
  r.energy = calculator->forces(box, position, force, &virial);
  r.stress = stress_of(virial, box.volume(), unit);
  r.pressure = -(r.stress[0] + r.stress[1] + r.stress[2]) / 3;
  r.energy_per_atom = r.energy / double(frame.size());
  r.force_evaluations = m.force_evaluations, r.residual_force = m.residual_force, r.converged = m.converged;
  r.potential_energy = calculator->per_atom(box, position).energy;
  displace(frame, box, position, r);
  r.configuration = {moved(frame, box, std::move(position))};
  r.volume_per_atom = box.volume() / double(frame.size());
  r.density = density(r.configuration[0]);
  return r;
}

const Fields& MinimiseOptions::fields() {
  static const Fields table = {
      field<&MinimiseOptions::potential>("potential", "", "file, alias or name of the interatomic potential"),
      field<&MinimiseOptions::force_tolerance>("force_tolerance", "eV/angstrom", "largest force on an atom at the end").positive(),
      field<&MinimiseOptions::method>("method", "", "way downhill").one_of({"lbfgs", "fire", "newton"}),
      field<&MinimiseOptions::relax_box>("relax_box", "", "what of the box changes to reach the stress")
          .one_of({"none", "isotropic", "orthogonal", "full"}),
      field<&MinimiseOptions::stress>("stress", "GPa", "target, positive in tension: one value, or xx,yy,zz,yz,xz,xy"),
      field<&MinimiseOptions::stress_tolerance>("stress_tolerance", "GPa", "largest misfit of the stress").positive(),
      field<&MinimiseOptions::max_step>("max_step", "angstrom", "longest move of an atom in one step").positive(),
      field<&MinimiseOptions::max_evaluations>("max_evaluations", "1", "force evaluations after which to give up").range(1, 1e9),
  };
  return table;
}

const Fields& Minimise::fields() {
  const std::string minimum = "at the minimum; see residual_force", start = "of the configuration given";
  static const Fields table = {
      field<&Minimise::energy>("energy", "eV", "potential energy").exact(minimum),
      field<&Minimise::energy_per_atom>("energy_per_atom", "eV", "potential energy per atom").exact(minimum),
      field<&Minimise::energy_start>("energy_start", "eV", "potential energy before").exact(start),
      field<&Minimise::force_evaluations>("force_evaluations", "1", "evaluations of forces (newton: and products with the Hessian)")
          .exact("counted"),
      field<&Minimise::residual_force>("residual_force", "eV/angstrom", "largest force on an atom").exact(minimum),
      field<&Minimise::converged>("converged", "", "the tolerances were met").exact("a fact"),
      field<&Minimise::component>("component", "", "components of the stress"),
      field<&Minimise::stress>("stress", "GPa", "stress, positive in tension").over("component", Plot::bars).exact(minimum),
      field<&Minimise::stress_start>("stress_start", "GPa", "stress before, without the kinetic part")
          .over("component", Plot::bars)
          .exact(start),
      field<&Minimise::pressure>("pressure", "GPa", "minus the mean normal stress").exact(minimum),
      field<&Minimise::volume_per_atom>("volume_per_atom", "angstrom^3", "volume of the box by the number of atoms").exact(minimum),
      field<&Minimise::density>("density", "g/cm^3", "NaN without masses").exact(minimum),
      field<&Minimise::displacement_rms>("displacement_rms", "angstrom", "root mean square displacement").exact(minimum),
      field<&Minimise::displacement_largest>("displacement_largest", "angstrom", "largest displacement").exact(minimum),
      field<&Minimise::configuration>("configuration", "", "the minimised configuration").exact("one configuration"),
      field<&Minimise::displacement>("displacement", "angstrom", "from the start, beyond the change of the cell, less the mean")
          .atoms("Displacement")
          .exact(minimum),
      field<&Minimise::displacement_length>("displacement_length", "angstrom", "its length").atoms("Displacement Magnitude").exact(minimum),
      field<&Minimise::potential_energy>("potential_energy", "eV", "share of the energy").atoms("Potential Energy").exact(minimum),
      field<&Minimise::potential_reference>("potential_reference", "", "who made the potential").exact("text"),
  };
  return table;
}

const Analysis& minimise_analysis() {
  static const Analysis entry =
      analysis<&minimise>("landscape", "minimise", "moves a configuration, and its box if asked, into the nearest energy minimum",
                          {{"Stillinger, Weber, Phys. Rev. A 25, 978 (1982)", "10.1103/PhysRevA.25.978"},
                           {"Nocedal, Math. Comp. 35, 773 (1980) (L-BFGS)", "10.1090/S0025-5718-1980-0572855-7"},
                           {"Guenole et al., Comput. Mater. Sci. 175, 109584 (2020) (FIRE2)", "10.1016/j.commatsci.2020.109584"},
                           {"Dembo, Steihaug, Math. Program. 26, 190 (1983) (truncated Newton)", "10.1007/BF02592055"},
                           {"Sheppard et al., J. Chem. Phys. 136, 074103 (2012) (variable cell)", "10.1063/1.3684549"}});
  return entry;
}

}  // namespace heteroglass::landscape
