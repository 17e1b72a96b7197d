#include "landscape/atomic_stress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <limits>

#include "core/error.hpp"
#include "landscape/atomic_volume.hpp"
#include "landscape/moduli.hpp"
#include "landscape/strain_response.hpp"
#include "numeric/proportion.hpp"

namespace heteroglass::landscape {
namespace {

using potential::Voigt;

double von_mises_of(const Voigt& s, int dimension) {
  if (dimension == 2) return std::sqrt(3.0) / 2 * std::hypot(s[0] - s[1], 2 * s[5]);
  const double a = s[0] - s[1], b = s[1] - s[2], c = s[2] - s[0];
  return std::sqrt((a * a + b * b + c * c) / 2 + 3 * (s[3] * s[3] + s[4] * s[4] + s[5] * s[5]));
}

/// K of the frame [GPa]: relaxed where it is a minimum, else affine.
Measured bulk_modulus_of(Harmonic& minimum, Context& context) {
  const int d = static_cast<int>(minimum.dimension());
  if (minimum.residual_force() < 1e-2) {
    try {
      Measured k = moduli(strain_response(minimum, "auto", 1e-6, context).slope, d).bulk;
      k.note = "of the frame, affine and nonaffine; scatter of directions";
      return k;
    } catch (const NumericalError&) {
      // negative curvature: fall through
    }
  }
  const potential::BornTerms born = minimum.calculator().born();
  Measured k = moduli(stress_slope(born.stiffness, born.stress, d), d).bulk;
  k.value *= minimum.pressure_unit(), k.error *= minimum.pressure_unit();
  k.note = "affine, of the frame as it is; scatter of directions";
  context.warn("the frame is no minimum: its bulk modulus is the affine one, larger than that of the glass; --bulk-modulus gives another");
  return k;
}

Measured fraction_of(const std::vector<int>& flags, const std::function<bool(int)>& is) {
  std::size_t k = 0;
  for (const int f : flags) k += is(f);
  return {static_cast<double>(k) / static_cast<double>(flags.size()), numeric::proportion_error(k, flags.size()),
          "binomial, atoms taken as independent"};
}

/// Standard deviation with its error for independent normal values.
Measured deviation(const std::vector<double>& v) {
  double sum = 0, squares = 0, n = 0;
  for (const double x : v)
    if (std::isfinite(x)) sum += x, n += 1;
  for (const double x : v)
    if (std::isfinite(x)) squares += std::pow(x - sum / n, 2);
  const double sd = std::sqrt(squares / (n - 1));
  return {sd, sd / std::sqrt(2 * (n - 1)), "atoms taken as independent and normal"};
}

Table species_table(const Frame& frame, const AtomicStress& r) {
  TableColumn name{"species", "1", "", true, {}, {}}, atoms{"atoms", "1", "", false, {}, {}}, p{"pressure", "GPa", "mean", false, {}, {}},
      p_error{"pressure_error", "GPa", "", false, {}, {}}, vm{"von_mises", "GPa", "mean", false, {}, {}},
      vm_error{"von_mises_error", "GPa", "", false, {}, {}}, liquid{"liquid_like", "1", "fraction", false, {}, {}},
      liquid_error{"liquid_like_error", "1", "", false, {}, {}}, over{"over_packed", "1", "fraction", false, {}, {}},
      over_error{"over_packed_error", "1", "", false, {}, {}};
  for (std::size_t s = 0; s < frame.species.size(); ++s) {
    std::vector<double> pressures, shears;
    std::size_t beyond = 0, packed = 0;
    for (std::size_t i = 0; i < frame.size(); ++i) {
      if (static_cast<std::size_t>(frame.type[i]) != s) continue;
      pressures.push_back(r.pressure[i]), shears.push_back(r.von_mises[i]);
      beyond += r.packing[i] != 0, packed += r.packing[i] < 0;
    }
    if (pressures.empty()) continue;
    const auto n = static_cast<double>(pressures.size());
    const Measured mean = numeric::mean(pressures), shear = numeric::mean(shears);
    name.text.push_back(frame.species_name(s)), atoms.number.push_back(n);
    p.number.push_back(mean.value), p_error.number.push_back(mean.error), vm.number.push_back(shear.value),
        vm_error.number.push_back(shear.error);
    liquid.number.push_back(static_cast<double>(beyond) / n),
        liquid_error.number.push_back(numeric::proportion_error(beyond, pressures.size()));
    over.number.push_back(static_cast<double>(packed) / n),
        over_error.number.push_back(numeric::proportion_error(packed, pressures.size()));
  }
  Table t;
  t.columns = {name, atoms, p, p_error, vm, vm_error, liquid, liquid_error, over, over_error};
  return t;
}

std::vector<double> relative_to_species(const Frame& frame, const std::vector<double>& volume) {
  std::vector<double> sum(frame.species.size(), 0), count(frame.species.size(), 0), out;
  for (std::size_t i = 0; i < volume.size(); ++i)
    sum[static_cast<std::size_t>(frame.type[i])] += volume[i], count[static_cast<std::size_t>(frame.type[i])] += 1;
  for (std::size_t i = 0; i < volume.size(); ++i) {
    const auto s = static_cast<std::size_t>(frame.type[i]);
    out.push_back(volume[i] * count[s] / sum[s] - 1);
  }
  return out;
}

}  // namespace

AtomicStress atomic_stress(const Frame& frame, const AtomicStressOptions& o, Context& context) {
  Harmonic state(frame, potential::load(o.potential, frame, context), std::numeric_limits<double>::infinity());
  const int d = static_cast<int>(state.dimension());
  AtomicStress out;
  out.bulk_modulus = o.bulk_modulus ? Measured{*o.bulk_modulus, 0, "as given"} : bulk_modulus_of(state, context);
  if (!(out.bulk_modulus.value > 0))
    throw NumericalError(fmt::format("{}: the bulk modulus must be positive, got {:.3g} {}; give --bulk-modulus", frame.source,
                                     out.bulk_modulus.value, unit_in(frame.units, "GPa")));
  out.atomic_volume = atomic_volumes(frame, o.tessellation, o.radii, context);
  const auto virial = state.calculator().per_atom(frame.box, frame.position).virial;
  out.stress = Matrix(frame.size(), 6);
  double trace = 0;
  std::size_t without = 0;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    Voigt s{};
    const double v = out.atomic_volume[i];
    without += !(v > 0);
    for (std::size_t k = 0; k < 6; ++k) out.stress(i, k) = s[k] = v > 0 ? state.pressure_unit() * virial[i][k] / v : NAN;
    const double sum = d == 2 ? virial[i][0] + virial[i][1] : virial[i][0] + virial[i][1] + virial[i][2];
    trace += state.pressure_unit() * sum;
    out.pressure.push_back(v > 0 ? -state.pressure_unit() * sum / (d * v) : NAN);
    out.von_mises.push_back(von_mises_of(s, d));
  }
  if (without > 0) context.warn(fmt::format("{} atoms have no Voronoi cell and so no stress", without));
  const double mean = -trace / (d * frame.box.volume());
  for (const double p : out.pressure) {
    const double e = -(p - mean) / out.bulk_modulus.value;
    out.volume_strain.push_back(e);
    out.packing.push_back(e > o.threshold ? 1 : e < -o.threshold ? -1 : 0);
  }
  out.volume_strain_geometric = relative_to_species(frame, out.atomic_volume);
  out.liquid_like_fraction = fraction_of(out.packing, [](int f) { return f != 0; });
  out.over_packed_fraction = fraction_of(out.packing, [](int f) { return f < 0; });
  out.loose_fraction = fraction_of(out.packing, [](int f) { return f > 0; });
  out.pressure_sd = deviation(out.pressure), out.volume_strain_sd = deviation(out.volume_strain);
  out.pressure_mean = {mean, out.pressure_sd.value / std::sqrt(static_cast<double>(frame.size())),
                       "pressure of the cell; error as if atoms were independent (they balance each other: an upper bound)"};
  out.von_mises_mean = numeric::mean(out.von_mises);
  out.species = species_table(frame, out);
  return out;
}

const Fields& AtomicStressOptions::fields() {
  static const Fields table = {
      field<&AtomicStressOptions::potential>("potential", "", "file, alias or built-in potential"),
      field<&AtomicStressOptions::threshold>("threshold", "1", "local volume strain beyond which an atom is liquid-like").range(0, 1),
      field<&AtomicStressOptions::bulk_modulus>("bulk_modulus", "GPa", "that turns pressure into strain; unset: of the frame").positive(),
      field<&AtomicStressOptions::tessellation>("tessellation", "", "volumes of atoms; auto: radical where radii are known")
          .one_of({"auto", "radical", "ordinary"}),
      field<&AtomicStressOptions::radii>("radii", "angstrom", "by species; unset: metallic radii"),
  };
  return table;
}

const Fields& AtomicStress::fields() {
  const std::string frame = "of this frame and this way of sharing stress among atoms";
  static const Fields table = {
      field<&AtomicStress::pressure>("pressure", "GPa", "of each atom, positive in compression").atoms("Atomic Pressure").exact(frame),
      field<&AtomicStress::von_mises>("von_mises", "GPa", "von Mises stress of each atom").atoms("Atomic von Mises Stress").exact(frame),
      field<&AtomicStress::stress>("stress", "GPa", "xx, yy, zz, yz, xz, xy of each atom, positive in tension")
          .atoms("Atomic Stress")
          .exact(frame),
      field<&AtomicStress::volume_strain>("volume_strain", "1", "-(p - <p>) / K of each atom").atoms("Local Volume Strain").exact(frame),
      field<&AtomicStress::volume_strain_geometric>("volume_strain_geometric", "1", "Voronoi volume over the mean of the species, less 1")
          .atoms("Geometric Volume Strain")
          .exact("geometry"),
      field<&AtomicStress::packing>("packing", "1", "-1: over-packed, 1: loose, 0: neither").atoms("Packing Class").exact(frame),
      field<&AtomicStress::atomic_volume>("atomic_volume", "angstrom^3", "Voronoi volume").atoms("Atomic Volume").exact("geometry"),
      field<&AtomicStress::liquid_like_fraction>("liquid_like_fraction", "1", "of atoms beyond the threshold, either way"),
      field<&AtomicStress::over_packed_fraction>("over_packed_fraction", "1", "of atoms with too little room (anti-free volume)"),
      field<&AtomicStress::loose_fraction>("loose_fraction", "1", "of atoms with too much room (free volume)"),
      field<&AtomicStress::pressure_mean>("pressure_mean", "GPa", "weighted by volume: the pressure of the cell"),
      field<&AtomicStress::pressure_sd>("pressure_sd", "GPa", "standard deviation over atoms"),
      field<&AtomicStress::von_mises_mean>("von_mises_mean", "GPa", "mean over atoms"),
      field<&AtomicStress::volume_strain_sd>("volume_strain_sd", "1", "standard deviation over atoms"),
      field<&AtomicStress::bulk_modulus>("bulk_modulus", "GPa", "that turned pressure into strain"),
      field<&AtomicStress::species>("species", "", "means and fractions by species"),
  };
  return table;
}

const Analysis& atomic_stress_analysis() {
  static const Analysis entry = analysis<&atomic_stress>(
      "landscape", "atomic_stress", "stress of every atom, local volume strain, liquid-like and over-packed fractions",
      {{"Egami, Maeda, Vitek, Philos. Mag. A 41, 883 (1980)", "10.1080/01418618008243894"},
       {"Egami, Poon, Zhang, Keppens, Phys. Rev. B 76, 024203 (2007)", "10.1103/PhysRevB.76.024203"}});
  return entry;
}

}  // namespace heteroglass::landscape
