#include "landscape/vibrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "landscape/density_of_states.hpp"
#include "landscape/moduli.hpp"
#include "landscape/normal_modes.hpp"
#include "landscape/phonons.hpp"
#include "landscape/strain_response.hpp"
#include "numeric/symmetric_eigen.hpp"

namespace heteroglass::landscape {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t heaviest_atom(std::span<const double> e, std::size_t dimension) {
  std::size_t best = 0;
  double most = -1;
  for (std::size_t i = 0; i < e.size() / dimension; ++i) {
    double square = 0;
    for (std::size_t k = 0; k < dimension; ++k) square += e[i * dimension + k] * e[i * dimension + k];
    if (square > most) most = square, best = i;
  }
  return best;
}

/// Label of the nearest phonon level within the width, or empty.
std::string near_phonon(const std::vector<PhononLevel>& levels, double frequency, double width) {
  const PhononLevel* best = nullptr;
  for (const PhononLevel& l : levels)
    if (std::abs(frequency - l.frequency) <= width * l.frequency &&
        (!best || std::abs(frequency - l.frequency) < std::abs(frequency - best->frequency)))
      best = &l;
  if (!best) return {};
  return fmt::format("{} {:.3g}", best->longitudinal ? "longitudinal" : "transverse", best->frequency);
}

void describe_modes(const Harmonic& minimum, Modes& m, const std::vector<PhononLevel>& levels, const VibrationsOptions& o, Vibrations& out,
                    Context& context) {
  const std::size_t n = minimum.size(), d = minimum.dimension(), atoms = minimum.atoms(), count = m.value.size();
  const double zero = 1e-10 * m.largest;
  // Of all modes, so that `lowest` means the same as `dense`.
  const auto soft = static_cast<std::size_t>(std::ceil(o.soft_fraction * static_cast<double>(n)));
  out.soft_mode_participation.assign(atoms, 0);
  TableColumn number{"mode", "1", "in ascending order, translations left out", false, {}, {}}, nu{"frequency", "THz", "", false, {}, {}},
      nu_error{"frequency_error", "THz", "", false, {}, {}}, ratio{"participation_ratio", "1", "", false, {}, {}},
      centre{"atom", "1", "id of the atom that moves most", false, {}, {}},
      phonon{"phonon", "1", "level of the box that it is near", true, {}, {}};
  for (std::size_t p = 0; p < count; ++p) {
    const auto e = std::span<const double>(m.vector).subspan(p * n, n);
    const double f = minimum.frequency(m.value[p]);
    out.frequency.push_back(f);
    // d(nu) = nu d(lambda) / 2 lambda, and never more than the frequency of the error itself
    const double top = minimum.frequency(m.error[p]);
    // Tables of a potential and the forces left in the frame decide beyond the sixth digit.
    out.frequency_error.push_back(
        std::max(std::min(top, std::abs(f) * m.error[p] / (2 * std::max(std::abs(m.value[p]), 1e-300))), 1e-6 * std::abs(f)));
    out.participation_ratio.push_back(participation(e, d, atoms));
    const std::string near = near_phonon(levels, f, o.phonon_width);
    out.participation_near_phonon.push_back(near.empty() ? nan : out.participation_ratio.back());
    if (std::abs(m.value[p]) <= zero) {
      ++m.zero;
      continue;
    }
    if (m.value[p] < 0) out.negative_modes += 1;
    if (out.soft_modes >= static_cast<double>(soft)) continue;
    out.soft_modes += 1;
    out.soft_frequency = f;
    out.soft_modes_near_phonons += !near.empty();
    for (std::size_t i = 0; i < atoms; ++i)
      for (std::size_t k = 0; k < d; ++k) out.soft_mode_participation[i] += e[i * d + k] * e[i * d + k];
    number.number.push_back(out.soft_modes), nu.number.push_back(f), nu_error.number.push_back(out.frequency_error.back());
    ratio.number.push_back(out.participation_ratio.back());
    centre.number.push_back(static_cast<double>(minimum.frame().id[heaviest_atom(e, d)]));
    phonon.text.push_back(near);
  }
  out.low_modes.columns = {number, nu, nu_error, ratio, centre, phonon};
  if (static_cast<double>(soft) > out.soft_modes)
    context.warn(fmt::format("soft-mode participation is that of the {} softest modes; {:.3g} % of all would be {}", out.soft_modes,
                             100 * o.soft_fraction, soft));
  if (out.negative_modes > 0)
    context.warn(fmt::format("{} modes are negative (lowest {:.4g} {}): the frame is a saddle, not a minimum", out.negative_modes,
                             out.frequency.front(), unit_in(minimum.frame().units, "THz")));
  if (out.soft_modes_near_phonons > 0)
    context.warn(
        fmt::format("{} of the {} soft modes lie within {:.3g} % of a sound wave of this box: they are sound, or soft spots mixed with it "
                    "(hybridised); soft_mode_participation contains them",
                    out.soft_modes_near_phonons, out.soft_modes, 100 * o.phonon_width));
}

void describe_density(const Harmonic& minimum, const DensityOfStates& dos, const Sound& s, const std::vector<PhononLevel>& levels,
                      Vibrations& out) {
  out.dos_frequency = dos.frequency, out.dos = dos.g, out.dos_error = dos.g_error;
  out.smearing = dos.smearing;
  const double level = s.debye_level();
  for (std::size_t k = 0; k < dos.frequency.size(); ++k) {
    const double power = std::pow(dos.frequency[k], static_cast<double>(minimum.dimension() - 1));
    out.reduced_dos.push_back(dos.g[k] / power), out.reduced_dos_error.push_back(dos.g_error[k] / power);
    out.reduced_dos_debye.push_back(dos.frequency[k] <= s.debye_frequency.value ? level : 0);
    double transverse = nan, longitudinal = nan;
    for (const PhononLevel& l : levels)
      if (std::abs(l.frequency - dos.frequency[k]) <= dos.width / 2) (l.longitudinal ? longitudinal : transverse) = level;
    out.phonon_transverse.push_back(transverse), out.phonon_longitudinal.push_back(longitudinal);
  }
  const auto lowest = std::find_if(levels.begin(), levels.end(), [](const PhononLevel& l) { return !l.longitudinal; });
  const BosonPeak peak = boson_peak(dos, s, lowest == levels.end() ? nan : lowest->frequency);
  out.boson_peak_frequency = peak.frequency, out.boson_peak_height = peak.height;
}

Table phonon_table(const std::vector<PhononLevel>& levels) {
  Table t;
  TableColumn& branch = t.add_text("branch", "polarisation");
  for (const PhononLevel& l : levels) branch.text.push_back(l.longitudinal ? "longitudinal" : "transverse");
  TableColumn& nu = t.add_number("frequency", "THz", "of sound in an isotropic medium with the moduli of the frame");
  for (const PhononLevel& l : levels) nu.number.push_back(l.frequency);
  TableColumn& waves = t.add_number("degeneracy", "1", "waves of that length and polarisation");
  for (const PhononLevel& l : levels) waves.number.push_back(l.degeneracy);
  return t;
}

}  // namespace

std::string vibration_method(const std::string& asked, std::size_t size, double dense_bytes, double factor_bytes, double free_bytes) {
  if (asked == "dense") {
    if (dense_bytes > free_bytes)
      throw InputError(fmt::format(
          "--method: dense modes of {} degrees of freedom must fit into memory, need {:.1f} GB of the {:.1f} GB free; take {}", size,
          dense_bytes / 1e9, free_bytes / 1e9, factor_bytes <= free_bytes ? "lowest or kernel-polynomial" : "kernel-polynomial"));
    return asked;
  }
  if (asked != "auto") return asked;
  if (size <= 6000 && dense_bytes <= free_bytes) return "dense";
  return factor_bytes <= free_bytes && size <= 60000 ? "both" : "kernel-polynomial";
}

Vibrations vibrations(const Frame& frame, const VibrationsOptions& o, Context& context) {
  Harmonic minimum(frame, potential::load(o.potential, frame, context), o.force_limit);
  const std::size_t n = minimum.size(), d = minimum.dimension();
  Vibrations out;
  out.residual_force = minimum.residual_force();
  out.modes = static_cast<double>(n);
  const double free_bytes = available_memory();
  out.method = vibration_method(o.method, n, numeric::symmetric_eigen_bytes(n) + minimum.calculator().hessian_bytes(),
                                minimum.factor_bytes(), free_bytes);
  if (o.method == "auto" && out.method != "dense")
    context.warn(fmt::format("{} degrees of freedom: method {} (dense would need {:.1f} GB and long; --method dense asks for it)", n,
                             out.method, numeric::symmetric_eigen_bytes(n) / 1e9));

  Sound waves;
  std::vector<PhononLevel> levels;
  try {
    const StrainResponse response = strain_response(minimum, "auto", 1e-3, context);
    const Moduli m = moduli(response.slope, static_cast<int>(d));
    const double unit = minimum.pressure_unit();
    waves = sound({m.bulk.value / unit, m.bulk.error / unit, {}}, {m.shear.value / unit, m.shear.error / unit, {}}, minimum.density(),
                  static_cast<double>(frame.size()) / frame.box.volume(), minimum.omega2_unit(), static_cast<int>(d));
    levels = phonon_levels(frame.box, waves, 0.4 * waves.debye_frequency.value);
  } catch (const NumericalError& e) {
    context.warn(fmt::format("no elastic constants, so no sound waves and no Debye level: {}", e.what()));
    waves.dimension = static_cast<int>(d);
  }
  out.transverse_speed = waves.transverse, out.longitudinal_speed = waves.longitudinal, out.debye_frequency = waves.debye_frequency;
  out.phonons = phonon_table(levels);

  const std::size_t soft = static_cast<std::size_t>(std::ceil(o.soft_fraction * static_cast<double>(n)));
  if (out.method != "kernel-polynomial") {
    Modes modes = out.method == "dense"
                      ? all_modes(minimum)
                      : softest_modes(minimum, o.modes ? static_cast<std::size_t>(*o.modes) : std::max<std::size_t>(soft, 1),
                                      static_cast<std::size_t>(o.seed), free_bytes, context);
    describe_modes(minimum, modes, levels, o, out, context);
    out.zero_modes = static_cast<double>(modes.zero) + (out.method == "dense" ? 0.0 : static_cast<double>(d));
    if (out.zero_modes != static_cast<double>(d))
      context.warn(fmt::format("{} modes are zero, {} are translations: the others are atoms without neighbours, or free rotations",
                               out.zero_modes, d));
    const auto lowest = std::find_if(levels.begin(), levels.end(), [](const PhononLevel& l) { return !l.longitudinal; });
    if (lowest != levels.end()) out.low_exponent = low_exponent(out.frequency, (1 - o.phonon_width) * lowest->frequency);
  } else {
    out.zero_modes = static_cast<double>(d);
    out.low_exponent.note = "modes are not known one by one";
  }
  if (out.method == "dense") {
    std::vector<double> moving;
    const double zero = minimum.frequency(1e-10 * minimum.eigenvalue(out.frequency.back()));
    for (const double f : out.frequency)
      if (f > zero) moving.push_back(f);
    const auto bins =
        o.bins ? static_cast<std::size_t>(*o.bins) : static_cast<std::size_t>(std::ceil(4 * std::cbrt(static_cast<double>(n))));
    describe_density(minimum, histogram_density(moving, bins), waves, levels, out);
  } else if (out.method != "lowest") {
    KernelSettings settings;
    settings.moments = static_cast<std::size_t>(o.moments), settings.vectors = static_cast<std::size_t>(o.vectors);
    settings.bins = static_cast<std::size_t>(o.bins.value_or(200)), settings.seed = static_cast<unsigned long>(o.seed);
    const DensityOfStates dos = kernel_density(minimum, settings, context);
    if (dos.negative) context.warn("the spectrum reaches below zero: the frame is a saddle, not a minimum");
    describe_density(minimum, dos, waves, levels, out);
  } else {
    out.boson_peak_frequency.note = out.boson_peak_height.note = "no density of states with this method";
  }
  return out;
}

const Fields& VibrationsOptions::fields() {
  static const Fields table = {
      field<&VibrationsOptions::potential>("potential", "", "file, alias or built-in potential that the frame is a minimum of"),
      field<&VibrationsOptions::method>("method", "", "how modes are found; auto: by the number of atoms and the memory")
          .one_of({"auto", "dense", "lowest", "kernel-polynomial", "both"}),
      field<&VibrationsOptions::modes>("modes", "1", "modes of method lowest; unset: those of soft_fraction").range(1, 1e6),
      field<&VibrationsOptions::soft_fraction>("soft_fraction", "1", "part of all modes that counts as soft").range(0, 1),
      field<&VibrationsOptions::force_limit>("force_limit", "eV/angstrom", "largest force of a frame that counts as a minimum").positive(),
      field<&VibrationsOptions::phonon_width>("phonon_width", "1", "relative distance from a sound wave of the box that counts as near it")
          .range(0, 1),
      field<&VibrationsOptions::moments>("moments", "1", "Chebyshev moments; the resolution is their inverse").range(16, 100000),
      field<&VibrationsOptions::vectors>("vectors", "1", "random vectors of the stochastic trace").range(2, 10000),
      field<&VibrationsOptions::bins>("bins", "1", "of the density of states; unset: by the number of modes").range(4, 100000),
      field<&VibrationsOptions::seed>("seed", "1", "of the random vectors").range(0, 2e9),
  };
  return table;
}

const Fields& Vibrations::fields() {
  static const Fields table = {
      field<&Vibrations::method>("method", "", "how modes were found"),
      field<&Vibrations::frequency>("frequency", "THz", "nu = omega / 2 pi of the modes found; negative: imaginary"),
      field<&Vibrations::frequency_error>("frequency_error", "THz", "numerical error of frequency").error_for("frequency"),
      field<&Vibrations::participation_ratio>("participation_ratio", "1", "1 / (N sum |e_i|^4): 1/N one atom, 2/3 a plane wave")
          .over("frequency", Plot::points)
          .exact("of this frame"),
      field<&Vibrations::participation_near_phonon>("participation_near_phonon", "1", "the same for modes near a sound wave of the box")
          .over("frequency", Plot::points)
          .with("participation_ratio")
          .exact("of this frame"),
      field<&Vibrations::soft_mode_participation>("soft_mode_participation", "1", "sum of |e_i|^2 over the soft modes")
          .atoms("Soft Mode Participation")
          .exact("of this frame"),
      field<&Vibrations::dos_frequency>("dos_frequency", "THz", "middle of the bins"),
      field<&Vibrations::dos>("dos", "1/THz", "density of states g, integral 1").over("dos_frequency"),
      field<&Vibrations::dos_error>("dos_error", "1/THz", "counting error, or spread of the random vectors").error_for("dos"),
      field<&Vibrations::reduced_dos>("reduced_dos", "1/THz^3", "g / nu^2 (g / nu for a two-dimensional potential, then in 1/THz^2)")
          .over("dos_frequency"),
      field<&Vibrations::reduced_dos_error>("reduced_dos_error", "1/THz^3", "error of reduced_dos").error_for("reduced_dos"),
      field<&Vibrations::reduced_dos_debye>("reduced_dos_debye", "1/THz^3",
                                            "the same of sound alone, from the moduli, up to the Debye frequency")
          .over("dos_frequency")
          .with("reduced_dos")
          .exact("see debye_frequency"),
      field<&Vibrations::phonon_transverse>("phonon_transverse", "1/THz^3", "marks the bins with a transverse sound wave of the box")
          .over("dos_frequency", Plot::points)
          .with("reduced_dos")
          .exact("a mark"),
      field<&Vibrations::phonon_longitudinal>("phonon_longitudinal", "1/THz^3", "marks the bins with a longitudinal sound wave of the box")
          .over("dos_frequency", Plot::points)
          .with("reduced_dos")
          .exact("a mark"),
      field<&Vibrations::boson_peak_frequency>("boson_peak_frequency", "THz", "maximum of the reduced density of states"),
      field<&Vibrations::boson_peak_height>("boson_peak_height", "1", "the maximum over the Debye level"),
      field<&Vibrations::debye_frequency>("debye_frequency", "THz", "from the elastic constants"),
      field<&Vibrations::transverse_speed>("transverse_speed", "angstrom/ps", "of sound"),
      field<&Vibrations::longitudinal_speed>("longitudinal_speed", "angstrom/ps", "of sound"),
      field<&Vibrations::low_exponent>("low_exponent", "1", "x of g ~ nu^x below the lowest phonon; 4: quasi-localised modes"),
      field<&Vibrations::phonons>("phonons", "", "sound waves that the box allows, to 0.4 of the Debye frequency")
          .exact("see the speeds of sound"),
      field<&Vibrations::low_modes>("low_modes", "", "the soft modes"),
      field<&Vibrations::modes>("modes", "1", "3 N, or 2 N in the plane, translations with them").exact("a count"),
      field<&Vibrations::zero_modes>("zero_modes", "1", "translations and atoms without neighbours").exact("a count"),
      field<&Vibrations::negative_modes>("negative_modes", "1", "found among the modes; 0 at a minimum").exact("a count"),
      field<&Vibrations::soft_modes>("soft_modes", "1", "in soft_mode_participation").exact("a count"),
      field<&Vibrations::soft_modes_near_phonons>("soft_modes_near_phonons", "1", "of these, near a sound wave of the box")
          .exact("a count"),
      field<&Vibrations::soft_frequency>("soft_frequency", "THz", "of the last of the soft modes").exact("of this frame"),
      field<&Vibrations::residual_force>("residual_force", "eV/angstrom", "largest force on an atom of the frame").exact("of this frame"),
      field<&Vibrations::smearing>("smearing", "THz", "of the density of states by kernel polynomials, at low frequency")
          .exact("of the method"),
  };
  return table;
}

std::string vibrations_cost(const VibrationsOptions& o, double atoms, double free_bytes) {
  const double n = degrees_of_freedom(o.potential, atoms), dense = numeric::symmetric_eigen_bytes(static_cast<std::size_t>(n));
  // The factor of an embedded-atom potential is nearly full.
  const std::string method = vibration_method(o.method, static_cast<std::size_t>(n), dense, 8 * n * n, free_bytes);
  double seconds = 0, bytes = 0;
  if (method == "dense") seconds = 1.7e-10 * n * n * n, bytes = dense;
  if (method == "lowest" || method == "both") seconds = 1e-11 * n * n * n, bytes = std::min(8 * n * n, free_bytes);
  if (method == "kernel-polynomial" || method == "both") seconds += 0.5 * o.moments * o.vectors * atoms * 6e-7;
  bytes = std::max(bytes, 2e3 * atoms);
  return fmt::format(
      "{:.0f} degrees of freedom, method {}: up to {:.1f} GB of the {:.1f} GB free, about {:.2g} minutes on one core with an embedded-atom "
      "potential",
      n, method, bytes / 1e9, free_bytes / 1e9, seconds / 60);
}

const Analysis& vibrations_analysis() {
  static const Analysis entry = [] {
    Analysis a =
        analysis<&vibrations>("landscape", "vibrations", "vibrational modes, soft spots, density of states and boson peak of a minimum",
                              {{"Widmer-Cooper, Perry, Harrowell, Reichman, Nat. Phys. 4, 711 (2008)", "10.1038/nphys1025"},
                               {"Ding, Patinet, Falk, Cheng, Ma, PNAS 111, 14052 (2014)", "10.1073/pnas.1412095111"},
                               {"Lerner, Duering, Bouchbinder, Phys. Rev. Lett. 117, 035501 (2016)", "10.1103/PhysRevLett.117.035501"},
                               {"Weisse, Wellein, Alvermann, Fehske, Rev. Mod. Phys. 78, 275 (2006)", "10.1103/RevModPhys.78.275"}});
    a.cost = [](const void* options, double atoms) {
      return vibrations_cost(*static_cast<const VibrationsOptions*>(options), atoms, available_memory());
    };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::landscape
