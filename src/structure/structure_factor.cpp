#include "structure/structure_factor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.hpp"
#include "numeric/parabola.hpp"
#include "numeric/scattering.hpp"
#include "structure/pair_histogram.hpp"
#include "structure/wavevectors.hpp"

namespace heteroglass::structure {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What the partials and the total are as linear forms of A_ij: value = constant + sum_p factor_p A_p.
struct Form {
  double constant = 0;
  std::vector<double> factors;
  double operator()(const double* a) const {
    double v = constant;
    for (std::size_t p = 0; p < factors.size(); ++p) v += factors[p] * a[p];
    return v;
  }
};

class Normalisation {
 public:
  Normalisation(const Frame& frame, const SpeciesPairs& pairs, const StructureFactorOptions& o)
      : frame_(frame), pairs_(pairs), options_(o) {
    for (std::size_t s : pairs.species()) c_.push_back(static_cast<double>(pairs.counts()[s]) / static_cast<double>(frame.size()));
    if (o.normalisation == "bhatia-thornton" && c_.size() != 2)
      throw InputError(fmt::format("structure_factor: bhatia-thornton needs exactly two species, got {}", c_.size()));
    if (o.weights != "number" && frame.units == UnitSystem::lj)
      throw InputError(
          fmt::format("--weights: Lennard-Jones data have no form factors (q is in 1/sigma); must be number, got {}", o.weights));
    if (o.weights != "number") frame.require_species_names();
  }

  std::vector<std::string> labels() const {
    if (options_.normalisation == "bhatia-thornton") return {"NN", "NC", "CC"};
    return pairs_.labels(frame_);
  }

  std::vector<Form> partials() const {
    std::vector<Form> forms;
    if (options_.normalisation == "bhatia-thornton") {
      const double a = c_[0], b = c_[1];
      return {{0, {1, 2, 1}}, {0, {b, b - a, -a}}, {0, {b * b, -2 * a * b, a * a}}};
    }
    for (std::size_t i = 0; i < c_.size(); ++i)
      for (std::size_t j = i; j < c_.size(); ++j) {
        Form f{0, std::vector<double>(pairs_.size(), 0)};
        if (options_.normalisation == "faber-ziman") {
          f.constant = 1 - (i == j ? 1 / c_[i] : 0);
          f.factors[forms.size()] = 1 / (c_[i] * c_[j]);
        } else {
          f.factors[forms.size()] = 1 / std::sqrt(c_[i] * c_[j]);
        }
        forms.push_back(f);
      }
    return forms;
  }

  Form total(double q) const {
    std::vector<double> f;
    double mean = 0, square = 0;
    for (std::size_t k = 0; k < c_.size(); ++k) {
      f.push_back(strength(frame_.species[pairs_.species()[k]].name, q));
      mean += c_[k] * f[k], square += c_[k] * f[k] * f[k];
    }
    const bool faber_ziman = options_.normalisation == "faber-ziman";
    if (faber_ziman && mean * mean < 1e-9 * square)
      throw InputError(fmt::format(
          "structure_factor: the mean scattering length must not vanish in faber-ziman, got {:.3g}; use ashcroft-langreth", mean));
    const double unit = faber_ziman ? mean * mean : square;
    Form form{faber_ziman ? (mean * mean - square) / unit : 0, {}};
    for (std::size_t i = 0; i < c_.size(); ++i)
      for (std::size_t j = i; j < c_.size(); ++j) form.factors.push_back((i == j ? 1 : 2) * f[i] * f[j] / unit);
    return form;
  }

  std::string words() const {
    if (options_.normalisation == "faber-ziman")
      return "Faber-Ziman: S_ij = 1 + (A_ij - c_i delta_ij) / (c_i c_j); S = (I - <f^2> + <f>^2) / <f>^2";
    if (options_.normalisation == "ashcroft-langreth") return "Ashcroft-Langreth: S_ij = A_ij / sqrt(c_i c_j); S = I / <f^2>";
    return "Bhatia-Thornton: number-number, number-concentration, concentration-concentration (S_CC tends to c_1 c_2); S = I / <f^2>";
  }

 private:
  double strength(const std::string& name, double q) const {
    if (options_.weights == "number") return 1;
    return options_.weights == "xray" ? numeric::xray_form_factor(name, q) : numeric::neutron_length(name);
  }
  const Frame& frame_;
  const SpeciesPairs& pairs_;
  const StructureFactorOptions& options_;
  std::vector<double> c_;
};

/// Mean of a form over the vectors of a bin, with the error of their spread.
Measured mean_over(const Form& form, const std::vector<double>& a, std::size_t pairs) {
  const std::size_t n = a.size() / pairs;
  if (n == 0) return {nan, nan, ""};
  double sum = 0, squares = 0;
  for (std::size_t v = 0; v < n; ++v) sum += form(&a[v * pairs]);
  const double mean = sum / static_cast<double>(n);
  for (std::size_t v = 0; v < n; ++v) squares += std::pow(form(&a[v * pairs]) - mean, 2);
  return {mean, n > 1 ? std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n)) : nan, ""};
}

void store(StructureFactor& out, std::size_t bin, const std::vector<Measured>& partials, const Measured& total) {
  for (std::size_t p = 0; p < partials.size(); ++p)
    out.partials(p, bin) = partials[p].value, out.partials_error(p, bin) = partials[p].error;
  out.structure_factor[bin] = total.value, out.structure_factor_error[bin] = total.error;
}

void direct(const Frame& frame, const SpeciesPairs& pairs, const Normalisation& normalisation, const StructureFactorOptions& o,
            StructureFactor& out, Context& context) {
  const std::size_t species = pairs.species().size();
  const auto most = static_cast<std::size_t>(o.vectors_per_bin);
  const auto bins = wavevectors(frame.box, o.q_max, static_cast<std::size_t>(o.bins), most, static_cast<std::uint64_t>(o.seed));
  std::vector<Wavevector> vectors;
  bool subset = false;
  for (const auto& b : bins) vectors.insert(vectors.end(), b.begin(), b.end()), subset = subset || (most > 0 && b.size() == most);
  if (vectors.empty())
    throw InputError(fmt::format("structure_factor: q_max must exceed the shortest wavevector of the box, got {} 1/angstrom", o.q_max));
  if (subset) context.warn(fmt::format("bins with more than {} wavevectors use a random subset of them (seed {})", most, o.seed));
  std::vector<int> group(frame.size());
  std::vector<int> place(frame.species.size(), 0);
  for (std::size_t k = 0; k < species; ++k) place[pairs.species()[k]] = static_cast<int>(k);
  for (std::size_t i = 0; i < frame.size(); ++i) group[i] = place[static_cast<std::size_t>(frame.type[i])];
  const auto waves = density_waves(frame, group, species, vectors, context);
  const std::vector<Form> forms = normalisation.partials();
  const double each = 1 / static_cast<double>(frame.size());
  std::size_t v = 0;
  for (std::size_t b = 0; b < bins.size(); ++b) {
    std::vector<double> a;  // A_ij of each vector
    for (std::size_t k = 0; k < bins[b].size(); ++k, ++v)
      for (std::size_t i = 0; i < species; ++i)
        for (std::size_t j = i; j < species; ++j) a.push_back(each * std::real(waves[v * species + i] * std::conj(waves[v * species + j])));
    std::vector<Measured> partials;
    for (const Form& f : forms) partials.push_back(mean_over(f, a, pairs.size()));
    store(out, b, partials, mean_over(normalisation.total(out.q[b]), a, pairs.size()));
    out.vectors[b] = static_cast<int>(bins[b].size());
  }
}

/// A_ij = c_i delta_ij + c_i c_j (S_FZ - 1) from the histogram of distances; variances likewise (pairs independent).
void fourier(const Frame& frame, const SpeciesPairs& pairs, const Normalisation& normalisation, const StructureFactorOptions& o,
             StructureFactor& out, Context& context) {
  const Vec3 h = frame.box.heights();
  const double r_max = o.r_max.value_or(std::min(25.0, 0.5 * std::min({h.x, h.y, h.z})));
  const double n = static_cast<double>(frame.size()), density = n / frame.box.volume();
  const auto bins = static_cast<std::size_t>(std::ceil(r_max / std::min(0.02, 0.1 / o.q_max)));
  const PairHistogram histogram = pair_histogram(frame, pairs, r_max, bins, context);
  const std::vector<Form> forms = normalisation.partials();
#pragma omp parallel for schedule(static)
  for (std::int64_t row = 0; row < static_cast<std::int64_t>(out.q.size()); ++row) {
    const auto b = static_cast<std::size_t>(row);
    const double q = out.q[b];
    std::vector<double> a(pairs.size(), 0), variance(pairs.size(), 0);
    for (std::size_t k = 0; k < bins; ++k) {
      const double inner = static_cast<double>(k) * histogram.width, outer = inner + histogram.width, r = 0.5 * (inner + outer);
      const double window = o.window == "lorch" ? std::sin(pi * r / r_max) / (pi * r / r_max) : 1;
      const double kernel = window * std::sin(q * r) / (q * r),
                   uniform = 4.0 / 3 * pi * (outer * outer * outer - inner * inner * inner) * density;
      for (std::size_t p = 0; p < pairs.size(); ++p) {
        const bool like = pairs.first(p) == pairs.second(p);
        const double count = static_cast<double>(histogram.counts[p][k]);
        const double ci = static_cast<double>(pairs.counts()[pairs.first(p)]) / n,
                     cj = static_cast<double>(pairs.counts()[pairs.second(p)]) / n;
        a[p] += kernel * ((like ? 2 : 1) * count / n - ci * cj * uniform);
        variance[p] += std::pow(kernel * (like ? 2 : 1) / n, 2) * count;
      }
    }
    for (std::size_t p = 0; p < pairs.size(); ++p)
      if (pairs.first(p) == pairs.second(p)) a[p] += static_cast<double>(pairs.counts()[pairs.first(p)]) / n;
    const auto value = [&](const Form& f) {
      double sum = 0;
      for (std::size_t p = 0; p < pairs.size(); ++p) sum += f.factors[p] * f.factors[p] * variance[p];
      return Measured{f(a.data()), std::sqrt(sum), ""};
    };
    std::vector<Measured> partials;
    for (const Form& f : forms) partials.push_back(value(f));
    store(out, b, partials, value(normalisation.total(q)));
  }
}

/// The highest point between 0.6 and 1.6 of the q where close-packed atoms of this density have their first peak, and a
/// parabola through the bins above 70 % of it.
numeric::Vertex main_peak(const std::vector<double>& q, const std::vector<double>& s, const std::vector<double>& error, double density) {
  const double expected = 7.0 * std::cbrt(density);
  std::vector<double> x, y, e;
  for (std::size_t k = 0; k < q.size(); ++k)
    if (q[k] > 0.6 * expected && q[k] < 1.6 * expected && std::isfinite(s[k]) && error[k] > 0)
      x.push_back(q[k]), y.push_back(s[k]), e.push_back(error[k]);
  numeric::Vertex none;
  none.position.note = none.value.note = "no peak found";
  if (x.size() < 5) return none;
  const auto top = static_cast<std::size_t>(std::max_element(y.begin(), y.end()) - y.begin());
  std::size_t a = top, b = top;
  while (a > 0 && y[a - 1] > 0.7 * y[top]) --a;
  while (b + 1 < y.size() && y[b + 1] > 0.7 * y[top]) ++b;
  if (b - a < 3) return none;
  const auto part = [&](const std::vector<double>& v) { return std::span(v).subspan(a, b - a + 1); };
  // The error of a bin grows with S, which would pull the fit down: one error for all, that of the mean variance.
  double variance = 0;
  for (double v : part(e)) variance += v * v / static_cast<double>(b - a + 1);
  const numeric::Vertex v = numeric::parabola(part(x), part(y), std::vector<double>(b - a + 1, std::sqrt(variance)));
  return v.curvature < 0 && v.inside ? v : none;
}

Table peak_table(const StructureFactor& s, double density) {
  TableColumn name{"pair", "1", "row of partials, or total", true, {}, {}},
      at{"position", "1/angstrom", "q of the first peak", false, {}, {}}, at_error{"position_error", "1/angstrom", "", false, {}, {}},
      height{"height", "1", "height of the first peak", false, {}, {}}, height_error{"height_error", "1", "", false, {}, {}};
  const auto add = [&](const std::string& label, const numeric::Vertex& v) {
    name.text.push_back(label);
    at.number.push_back(v.position.value), at_error.number.push_back(v.position.error);
    height.number.push_back(v.value.value), height_error.number.push_back(v.value.error);
  };
  const auto row = [&](const Matrix& m, std::size_t p) {
    const auto begin = m.values.begin() + static_cast<std::ptrdiff_t>(p * m.columns);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(m.columns));
  };
  for (std::size_t p = 0; p < s.pair.size(); ++p) add(s.pair[p], main_peak(s.q, row(s.partials, p), row(s.partials_error, p), density));
  add("total", main_peak(s.q, s.structure_factor, s.structure_factor_error, density));
  return {{name, at, at_error, height, height_error}};
}

}  // namespace

const Fields& StructureFactorOptions::fields() {
  using O = StructureFactorOptions;
  static const Fields table = {
      field<&O::q_max>("q_max", "1/angstrom", "upper end of the bins").positive(),
      field<&O::bins>("bins", "1", "number of bins from 0 to q_max").range(1, 100000),
      field<&O::weights>("weights", "", "what an atom counts as in the total").one_of({"number", "xray", "neutron"}),
      field<&O::normalisation>("normalisation", "", "of the partials and the total")
          .one_of({"faber-ziman", "ashcroft-langreth", "bhatia-thornton"})
          .alias("normalization"),
      field<&O::method>("method", "", "sums over wavevectors, or transform of g(r)").one_of({"direct", "fourier"}),
      field<&O::vectors_per_bin>("vectors_per_bin", "1", "direct: most wavevectors of a bin, a random subset of more; 0: all")
          .range(0, 1e8),
      field<&O::seed>("seed", "1", "direct: of the random subset").range(0, 2147483647),
      field<&O::r_max>("r_max", "angstrom", "fourier: upper end of g(r); unset: half the smallest height of the box, at most 25")
          .positive(),
      field<&O::window>("window", "", "fourier: damping towards r_max").one_of({"lorch", "none"}),
  };
  return table;
}

const Fields& StructureFactor::fields() {
  using R = StructureFactor;
  static const Fields table = {
      field<&R::q>("q", "1/angstrom", "middle of the bins").exact("set by the options"),
      field<&R::structure_factor>("structure_factor", "1", "total structure factor with the chosen weights").over("q"),
      field<&R::structure_factor_error>("structure_factor_error", "1", "spread over wavevectors (direct), counting of pairs (fourier)")
          .error_for("structure_factor"),
      field<&R::pair>("pair", "", "species pairs, or NN, NC, CC, in the order of partials"),
      field<&R::partials>("partials", "1", "partial structure factors").over("q").labelled("pair"),
      field<&R::partials_error>("partials_error", "1", "error of partials").error_for("partials"),
      field<&R::vectors>("vectors", "1", "wavevectors used in each bin; q and -q count once").over("q", Plot::none).exact("a count"),
      field<&R::first_peak>("first_peak", "", "q and height of the first peak of each partial and of the total"),
      field<&R::normalisation>("normalisation", "", "the normalisation in words"),
  };
  return table;
}

StructureFactor structure_factor(const Frame& frame, const StructureFactorOptions& o, Context& context) {
  const SpeciesPairs pairs(frame);
  const Normalisation normalisation(frame, pairs, o);
  const auto bins = static_cast<std::size_t>(o.bins);
  StructureFactor out;
  out.normalisation = normalisation.words();
  out.pair = normalisation.labels();
  for (std::size_t k = 0; k < bins; ++k) out.q.push_back((static_cast<double>(k) + 0.5) * o.q_max / static_cast<double>(bins));
  out.structure_factor = out.structure_factor_error = std::vector<double>(bins, nan);
  out.partials = out.partials_error = Matrix(out.pair.size(), bins, nan);
  out.vectors.assign(bins, 0);
  if (!frame.box.fully_periodic())
    context.warn("the box has open sides: structure factors at small q show its shape, and fourier takes its volume as filled");
  if (o.method == "direct") {
    direct(frame, pairs, normalisation, o, out, context);
  } else {
    fourier(frame, pairs, normalisation, o, out, context);
  }
  out.first_peak = peak_table(out, static_cast<double>(frame.size()) / frame.box.volume());
  return out;
}

const Analysis& structure_factor_analysis() {
  static const Analysis entry =
      analysis<&structure_factor>("structure", "structure_factor", "total and partial structure factors in a named normalisation",
                                  {{"Faber, Ziman, Philos. Mag. 11, 153 (1965)", "10.1080/14786436508211931"},
                                   {"Ashcroft, Langreth, Phys. Rev. 156, 685 (1967)", "10.1103/PhysRev.156.685"},
                                   {"Bhatia, Thornton, Phys. Rev. B 2, 3004 (1970)", "10.1103/PhysRevB.2.3004"},
                                   {"Lorch, J. Phys. C 2, 229 (1969)", "10.1088/0022-3719/2/2/305"}});
  return entry;
}

}  // namespace heteroglass::structure
