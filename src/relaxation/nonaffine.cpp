#include "relaxation/nonaffine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "landscape/density_of_states.hpp"
#include "landscape/moduli.hpp"
#include "landscape/strain_response.hpp"
#include "numeric/symmetric_eigen.hpp"
#include "relaxation/nonaffine_spectrum.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double planck = 4.135667696e-3;  ///< [eV/THz] h

MemoryKernel kernel_of(const NonaffineOptions& o) {
  if (o.kernel == "constant") {
    if (o.nu0) throw InputError("--nu0: belongs to a kernel with memory, got it with --kernel constant");
    return MemoryKernel::constant(o.friction);
  }
  const double b = o.kernel == "exponential" ? 1 : o.beta;
  return o.nu0 ? MemoryKernel::stretched(*o.nu0, o.tau, b) : MemoryKernel::stretched_from_friction(o.friction, o.tau, b);
}

struct Range {
  double low, high;  ///< [rad/ps]
};

/// From well below the slowest relaxation to above the fastest vibration.
Range whole_range(const NonaffineSpectrum& s, const MemoryKernel& kernel) {
  double slow = INFINITY, fast = 0;
  const auto add = [&](const Poles& p) {
    for (const double l : p.square) slow = std::min(slow, l), fast = std::max(fast, l);
  };
  for (const Poles& p : s.shear) add(p);
  add(s.bulk);
  if (!(fast > 0)) return {0.1, 100};
  const double rate = std::min(slow / std::max(kernel.friction(), 1e-300), std::sqrt(slow));
  return {rate / 100, 4 * std::max(std::sqrt(fast), std::sqrt(kernel.nu0()))};
}

Complex youngs(Complex k, Complex g, int dimension) { return dimension == 2 ? 4.0 * k * g / (k + g) : 9.0 * k * g / (3.0 * k + g); }

std::vector<double> logarithmic(Range r, double per_decade) {
  const double decades = std::log10(r.high / r.low);
  const auto n = static_cast<std::size_t>(std::max(2.0, std::ceil(decades * per_decade) + 1));
  std::vector<double> x(n);
  for (std::size_t k = 0; k < n; ++k) x[k] = r.low * std::pow(10, decades * static_cast<double>(k) / static_cast<double>(n - 1));
  return x;
}

void evaluate(const NonaffineSpectrum& s, const MemoryKernel& kernel, Nonaffine& out, Context& context) {
  const std::size_t n = out.omega.size(), m = s.shear.size();
  for (auto* v : {&out.shear_storage, &out.shear_storage_error, &out.shear_loss, &out.shear_loss_error, &out.youngs_storage,
                  &out.youngs_storage_error, &out.youngs_loss, &out.youngs_loss_error, &out.bulk_storage, &out.bulk_loss})
    v->assign(n, 0);
  context.check_cancelled();
#pragma omp parallel for schedule(dynamic)
  for (std::ptrdiff_t at = 0; at < static_cast<std::ptrdiff_t>(n); ++at) {
    const auto k = static_cast<std::size_t>(at);
    const double w = out.omega[k];
    std::vector<Complex> g;
    Complex mean = 0;
    for (const Poles& p : s.shear) g.push_back(modulus(p, kernel, w)), mean += g.back() / static_cast<double>(m);
    double real = 0, imag = 0;
    for (const Complex& x : g) real += std::pow(x.real() - mean.real(), 2), imag += std::pow(x.imag() - mean.imag(), 2);
    const double scale = std::sqrt(static_cast<double>(m * (m - 1)));
    const Complex bulk = s.bulk_modulus(kernel, w), young = youngs(bulk, mean, s.dimension);
    // dE/dG = 27 K^2 / (3K + G)^2 (plane: 4 K^2 / (K + G)^2), nearly real
    const double slope = std::abs(s.dimension == 2 ? 4.0 * bulk * bulk / ((bulk + mean) * (bulk + mean))
                                                   : 27.0 * bulk * bulk / ((3.0 * bulk + mean) * (3.0 * bulk + mean)));
    out.shear_storage[k] = mean.real(), out.shear_storage_error[k] = std::sqrt(real) / scale;
    out.shear_loss[k] = mean.imag(), out.shear_loss_error[k] = std::sqrt(imag) / scale;
    out.bulk_storage[k] = bulk.real(), out.bulk_loss[k] = bulk.imag();
    out.youngs_storage[k] = young.real(), out.youngs_storage_error[k] = slope * out.shear_storage_error[k];
    out.youngs_loss[k] = young.imag(), out.youngs_loss_error[k] = slope * out.shear_loss_error[k];
  }
}

/// (2/pi) int M''/w dw over ln w against M'(inf) - M'(0).
double kramers_kronig(const NonaffineSpectrum& s, const MemoryKernel& kernel, Range range) {
  const Range wide{range.low / 1e3, range.high * 1e2};
  constexpr std::ptrdiff_t points = 4000;
  const double step = std::log(wide.high / wide.low) / (points - 1);
  std::vector<double> loss(points);
#pragma omp parallel for schedule(dynamic)
  for (std::ptrdiff_t k = 0; k < points; ++k)
    loss[static_cast<std::size_t>(k)] = s.shear_modulus(kernel, wide.low * std::exp(step * static_cast<double>(k))).imag();
  double integral = 0, fall = 0;
  for (std::size_t k = 0; k < loss.size(); ++k) integral += loss[k] * step * (k == 0 || k + 1 == loss.size() ? 0.5 : 1.0);
  for (const Poles& p : s.shear) fall += (p.unrelaxed - p.relaxed()) / static_cast<double>(s.shear.size());
  return fall > 0 ? std::abs(fall - 2 / std::numbers::pi * integral) / fall : 0;
}

/// The parabola through the three points around the largest loss, in ln w; the error is the spread of the peaks of the five shears.
Measured loss_peak(const NonaffineSpectrum& s, const MemoryKernel& kernel, const std::vector<double>& omega,
                   const std::vector<double>& loss) {
  const auto peak_of = [&](const std::vector<double>& y) {
    const auto k = static_cast<std::size_t>(std::max_element(y.begin(), y.end()) - y.begin());
    if (k == 0 || k + 1 == y.size()) return nan;
    const double a = y[k - 1], b = y[k], c = y[k + 1], h = std::log(omega[k + 1] / omega[k]);
    return std::log(omega[k]) + 0.5 * h * (a - c) / (a - 2 * b + c);
  };
  const double place = peak_of(loss);
  if (!std::isfinite(place)) return {nan, nan, "the loss has no maximum inside the range of frequencies"};
  std::vector<double> places;
  for (const Poles& p : s.shear) {
    std::vector<double> y;
    for (const double w : omega) y.push_back(modulus(p, kernel, w).imag());
    places.push_back(peak_of(y));
  }
  double mean = 0, squares = 0;
  for (const double x : places) mean += x / static_cast<double>(places.size());
  for (const double x : places) squares += (x - mean) * (x - mean);
  const auto n = static_cast<double>(places.size());
  return {std::exp(place), std::exp(place) * std::sqrt(squares / (n - 1) / n), "scatter of the shears"};
}

void heat(landscape::Harmonic& minimum, const NonaffineSpectrum& s, const NonaffineOptions& o, const landscape::Sound& waves,
          Nonaffine& out, Context& context) {
  if (minimum.frame().units == UnitSystem::lj) return;
  landscape::DensityOfStates dos;
  if (!s.frequency.empty()) {
    std::vector<double> moving(s.frequency.begin() + static_cast<std::ptrdiff_t>(minimum.dimension()), s.frequency.end());
    dos = landscape::histogram_density(moving, 400);
  } else {
    landscape::KernelSettings settings;
    settings.seed = static_cast<unsigned long>(o.seed), settings.bins = 400;
    dos = landscape::kernel_density(minimum, settings, context);
  }
  const auto levels = landscape::phonon_levels(minimum.frame().box, waves, waves.debye_frequency.value);
  const double lowest = levels.empty() ? dos.frequency.front() : levels.front().frequency;
  const double debye = planck * waves.debye_frequency.value / constants::boltzmann;
  const double level = 4 * std::pow(std::numbers::pi, 4) / 5 * 3 / (debye * debye * debye);
  for (const double t : logarithmic({planck * lowest / (4 * constants::boltzmann), 300}, 30)) {
    const Measured c = landscape::heat_capacity(dos, t, 3);
    const double cube = t * t * t;
    out.temperature.push_back(t), out.heat_capacity.push_back(c.value), out.heat_capacity_error.push_back(c.error);
    out.heat_capacity_t3.push_back(c.value / cube), out.heat_capacity_t3_error.push_back(c.error / cube);
    out.heat_capacity_t3_debye.push_back(level);
  }
}

void list_modes(const NonaffineSpectrum& s, Nonaffine& out) {
  std::vector<std::pair<double, double>> all;
  if (!s.frequency.empty()) {
    for (std::size_t k = 0; k < s.shear[0].square.size(); ++k) {
      double strength = 0;
      for (const Poles& p : s.shear) strength += p.strength[k] / static_cast<double>(s.shear.size());
      all.emplace_back(s.shear[0].square[k], strength);
    }
  } else {
    for (const Poles& p : s.shear)
      for (std::size_t k = 0; k < p.square.size(); ++k) all.emplace_back(p.square[k], p.strength[k] / static_cast<double>(s.shear.size()));
    std::sort(all.begin(), all.end());
  }
  double most = 0;
  for (const auto& mode : all) most = std::max(most, mode.second);
  // Nodes at the upper edge of the spectrum have no weight to speak of.
  std::erase_if(all, [&](const auto& mode) { return mode.second < 1e-12 * most; });
  for (const auto& [square, strength] : all)
    out.mode_frequency.push_back(std::sqrt(square) / (2 * std::numbers::pi)), out.mode_strength.push_back(strength);
}

Measured over_shears(const NonaffineSpectrum& s, bool relaxed) {
  double mean = 0, squares = 0;
  const auto n = static_cast<double>(s.shear.size());
  const auto value = [&](const Poles& p) { return relaxed ? p.relaxed() : p.unrelaxed; };
  for (const Poles& p : s.shear) mean += value(p) / n;
  for (const Poles& p : s.shear) squares += std::pow(value(p) - mean, 2);
  return {mean, std::sqrt(squares / (n - 1) / n), "scatter of directions"};
}

}  // namespace

std::string nonaffine_method(const std::string& asked, std::size_t size, double dense_bytes, double free_bytes) {
  if (asked == "dense" && dense_bytes > free_bytes)
    throw InputError(fmt::format(
        "--method: dense modes of {} degrees of freedom must fit into memory, need {:.1f} GB of the {:.1f} GB free; take lanczos", size,
        dense_bytes / 1e9, free_bytes / 1e9));
  if (asked != "auto") return asked;
  return size <= 6000 && dense_bytes <= free_bytes ? "dense" : "lanczos";
}

std::string nonaffine_cost(const NonaffineOptions& o, double atoms, double free_bytes) {
  const double n = landscape::degrees_of_freedom(o.potential, atoms), dense = numeric::symmetric_eigen_bytes(static_cast<std::size_t>(n));
  const std::string method = nonaffine_method(o.method, static_cast<std::size_t>(n), dense, free_bytes);
  // Products of six vectors at once; a static solution of some 200 steps is the check.
  const double product = 6e-7 * atoms, seconds = (method == "dense" ? 1.7e-10 * n * n * n : 6 * o.steps * product) + 600 * product;
  const double bytes = std::max(method == "dense" ? dense : 8 * 60 * n, 2e3 * atoms);
  return fmt::format(
      "{:.0f} degrees of freedom, method {}: up to {:.1f} GB of the {:.1f} GB free, about {:.2g} minutes on one core with an embedded-atom "
      "potential",
      n, method, bytes / 1e9, free_bytes / 1e9, seconds / 60);
}

Nonaffine nonaffine(const Frame& frame, const NonaffineOptions& o, Context& context) {
  const MemoryKernel kernel = kernel_of(o);
  landscape::Harmonic minimum(frame, potential::load(o.potential, frame, context), o.force_limit);
  Nonaffine out;
  out.method =
      nonaffine_method(o.method, minimum.size(), numeric::symmetric_eigen_bytes(minimum.size()) + minimum.calculator().hessian_bytes(),
                       landscape::available_memory());
  const NonaffineSpectrum s = nonaffine_spectrum(minimum, out.method == "dense" ? 0 : o.steps, context);
  out.nu0 = kernel.nu0(), out.friction = kernel.friction();
  out.shear_relaxed = over_shears(s, true), out.shear_unrelaxed = over_shears(s, false);
  out.bulk_relaxed = s.bulk.relaxed(), out.bulk_unrelaxed = s.bulk.unrelaxed;

  const landscape::StrainResponse response = landscape::strain_response(minimum, "auto", 1e-8, context);
  const landscape::Moduli m = landscape::moduli(response.slope, s.dimension);
  out.static_difference = std::abs(out.shear_relaxed.value - m.shear_voigt) / m.shear_voigt;
  if (out.static_difference > 0.01)
    context.warn(
        fmt::format("the modulus at zero frequency differs by {:.2g} from the static one: more --steps are needed", out.static_difference));

  const Range range = whole_range(s, kernel);
  out.omega = o.omega.empty() ? logarithmic(range, o.points_per_decade) : o.omega;
  for (const double w : out.omega)
    if (!(w > 0)) throw InputError(fmt::format("--omega: must be positive, got {} rad/ps", w));
  evaluate(s, kernel, out, context);
  out.smallest_loss = *std::min_element(out.shear_loss.begin(), out.shear_loss.end());
  out.kramers_kronig_residual = kramers_kronig(s, kernel, range);
  if (out.kramers_kronig_residual > 0.02)
    context.warn(fmt::format(
        "the Kramers-Kronig integral of the loss misses {:.2g} of the relaxation: at the frequencies of the vibrations the friction "
        "is so small that single modes stand apart",
        out.kramers_kronig_residual));
  out.loss_peak = loss_peak(s, kernel, out.omega, out.shear_loss);
  list_modes(s, out);
  if (s.dimension == 3 && (o.heat_capacity || out.method == "dense")) {
    const double unit = minimum.pressure_unit();
    heat(minimum, s, o,
         landscape::sound({m.bulk.value / unit, m.bulk.error / unit, {}}, {m.shear.value / unit, m.shear.error / unit, {}},
                          minimum.density(), static_cast<double>(frame.size()) / frame.box.volume(), minimum.omega2_unit(), 3),
         out, context);
  }
  return out;
}

const Fields& NonaffineOptions::fields() {
  static const Fields table = {
      field<&NonaffineOptions::potential>("potential", "", "file, alias or built-in potential that the frame is a minimum of"),
      field<&NonaffineOptions::kernel>("kernel", "", "memory of the friction").one_of({"constant", "exponential", "stretched"}),
      field<&NonaffineOptions::friction>("friction", "1/ps", "nu(0), friction over mass at zero frequency").positive(),
      field<&NonaffineOptions::nu0>("nu0", "1/ps^2", "amplitude of the memory instead of friction").positive(),
      field<&NonaffineOptions::tau>("tau", "ps", "time of the memory").positive(),
      field<&NonaffineOptions::beta>("beta", "1", "exponent b of the stretched memory").range(0.1, 1),
      field<&NonaffineOptions::omega>("omega", "rad/ps",
                                      "angular frequencies; unset: from below the slowest relaxation to above the vibrations"),
      field<&NonaffineOptions::points_per_decade>("points_per_decade", "1", "of omega when it is not given").range(1, 1000),
      field<&NonaffineOptions::method>("method", "", "how the modes are found; auto: dense to 6,000 degrees of freedom")
          .one_of({"auto", "dense", "lanczos"}),
      field<&NonaffineOptions::steps>("steps", "1", "of the Lanczos recursion").range(10, 100000),
      field<&NonaffineOptions::heat_capacity>("heat_capacity", "", "also when the modes are not all found: by kernel polynomials"),
      field<&NonaffineOptions::force_limit>("force_limit", "eV/angstrom", "largest force of a frame that counts as a minimum").positive(),
      field<&NonaffineOptions::seed>("seed", "1", "of the random vectors of the kernel polynomials").range(0, 2e9),
  };
  return table;
}

const Fields& Nonaffine::fields() {
  const std::string one = "of this frame; see the scatter of the shears";
  static const Fields table = {
      field<&Nonaffine::method>("method", "", "how the modes were found"),
      field<&Nonaffine::omega>("omega", "rad/ps", "angular frequency").log_axis(),
      field<&Nonaffine::shear_storage>("shear_storage", "GPa", "G'").over("omega"),
      field<&Nonaffine::shear_storage_error>("shear_storage_error", "GPa", "scatter of the shears").error_for("shear_storage"),
      field<&Nonaffine::shear_loss>("shear_loss", "GPa", "G''").over("omega"),
      field<&Nonaffine::shear_loss_error>("shear_loss_error", "GPa", "scatter of the shears").error_for("shear_loss"),
      field<&Nonaffine::youngs_storage>("youngs_storage", "GPa", "E'").over("omega"),
      field<&Nonaffine::youngs_storage_error>("youngs_storage_error", "GPa", "from that of G'").error_for("youngs_storage"),
      field<&Nonaffine::youngs_loss>("youngs_loss", "GPa", "E''").over("omega"),
      field<&Nonaffine::youngs_loss_error>("youngs_loss_error", "GPa", "from that of G''").error_for("youngs_loss"),
      field<&Nonaffine::bulk_storage>("bulk_storage", "GPa", "K'").over("omega").exact(one),
      field<&Nonaffine::bulk_loss>("bulk_loss", "GPa", "K''").over("omega").exact(one),
      field<&Nonaffine::shear_relaxed>("shear_relaxed", "GPa", "G at zero frequency"),
      field<&Nonaffine::shear_unrelaxed>("shear_unrelaxed", "GPa", "G at infinite frequency: affine"),
      field<&Nonaffine::bulk_relaxed>("bulk_relaxed", "GPa", "K at zero frequency").exact(one),
      field<&Nonaffine::bulk_unrelaxed>("bulk_unrelaxed", "GPa", "K at infinite frequency: affine").exact(one),
      field<&Nonaffine::loss_peak>("loss_peak", "rad/ps", "angular frequency of the largest G''"),
      field<&Nonaffine::nu0>("nu0", "1/ps^2", "amplitude of the memory; 0: constant friction").exact("an option"),
      field<&Nonaffine::friction>("friction", "1/ps", "nu(0)").exact("an option"),
      field<&Nonaffine::static_difference>("static_difference", "1", "G(0) against the static shear modulus, relative")
          .exact("a difference"),
      field<&Nonaffine::smallest_loss>("smallest_loss", "GPa", "least G'' found; never negative").exact("a check"),
      field<&Nonaffine::kramers_kronig_residual>("kramers_kronig_residual", "1", "of G' and G'', relative").exact("a check"),
      field<&Nonaffine::mode_frequency>("mode_frequency", "THz", "of the modes, or nodes of the quadrature").log_axis(),
      field<&Nonaffine::mode_strength>("mode_strength", "GPa", "what the mode takes from G when it relaxes; the spectrum of nonaffine_fit")
          .over("mode_frequency", Plot::points)
          .exact("of this frame"),
      field<&Nonaffine::temperature>("temperature", "K", "of the heat capacity").log_axis(),
      field<&Nonaffine::heat_capacity>("heat_capacity", "1", "C_V per atom over k_B, harmonic").over("temperature"),
      field<&Nonaffine::heat_capacity_error>("heat_capacity_error", "1", "of the density of states").error_for("heat_capacity"),
      field<&Nonaffine::heat_capacity_t3>("heat_capacity_t3", "1/K^3", "C_V / (k_B T^3)").over("temperature"),
      field<&Nonaffine::heat_capacity_t3_error>("heat_capacity_t3_error", "1/K^3", "of the density of states")
          .error_for("heat_capacity_t3"),
      field<&Nonaffine::heat_capacity_t3_debye>("heat_capacity_t3_debye", "1/K^3", "the same of sound alone")
          .over("temperature")
          .with("heat_capacity_t3")
          .exact("from the moduli"),
  };
  return table;
}

const Analysis& nonaffine_analysis() {
  static const Analysis entry = [] {
    Analysis a =
        analysis<&nonaffine>("relaxation", "nonaffine", "storage and loss of a glass from its modes with memory friction; heat capacity",
                             {{"Cui, Yang, Qiao, Jiang, Dai, Wang, Zaccone, Phys. Rev. B 96, 094203 (2017)", "10.1103/PhysRevB.96.094203"},
                              {"Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006)", "10.1007/s10955-005-9015-5"},
                              {"Palyulin et al., Soft Matter 14, 8475 (2018)", "10.1039/C8SM01468J"}});
    a.cost = [](const void* options, double atoms) {
      return nonaffine_cost(*static_cast<const NonaffineOptions*>(options), atoms, landscape::available_memory());
    };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::relaxation
