#include "mechanics/poisson.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/propagation.hpp"
#include "mechanics/inclusions.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::mechanics {
namespace {

/// nu of a solid whose moduli have changed by the shares k and g.
double changed_ratio(double nu0, double k, double g) {
  return (3 * nu0 + (1 + nu0) * k - (1 - 2 * nu0) * g) / (3 + 2 * (1 + nu0) * k + (1 - 2 * nu0) * g);
}

Poisson evaluated(const PoissonOptions& o) {
  const Isotropic matrix = {*o.matrix_bulk, *o.matrix_shear}, inclusion = {*o.inclusion_bulk, *o.inclusion_shear};
  Poisson r;
  const double nu0 = matrix.poisson_ratio();
  r.matrix_poisson_ratio.value = nu0;
  r.a.value = (inclusion.bulk - matrix.bulk) / (matrix.bulk + eshelby_bulk(nu0) * (inclusion.bulk - matrix.bulk));
  r.b.value = (inclusion.shear - matrix.shear) / (matrix.shear + eshelby_shear(nu0) * (inclusion.shear - matrix.shear));
  r.a_over_b.value = r.a.value / r.b.value;
  const Isotropic d = dilute(matrix, inclusion, o.fraction);
  r.bulk_modulus.value = d.bulk, r.shear_modulus.value = d.shear;
  r.poisson_ratio.value = changed_ratio(nu0, r.a.value * o.fraction, r.b.value * o.fraction);
  return r;
}

Table estimates_of(const PoissonOptions& o) {
  const Isotropic matrix = {*o.matrix_bulk, *o.matrix_shear}, inclusion = {*o.inclusion_bulk, *o.inclusion_shear};
  const auto [low, high] = hashin_shtrikman(matrix, inclusion, o.fraction);
  Table t;
  t.columns.reserve(4);
  TableColumn &method = t.add_text("method", "estimate"), &bulk = t.add_number("bulk_modulus", "GPa", "effective bulk modulus"),
              &shear = t.add_number("shear_modulus", "GPa", "effective shear modulus"),
              &ratio = t.add_number("poisson_ratio", "1", "of those two");
  const auto add = [&](const std::string& name, const Isotropic& s) {
    method.text.push_back(name), bulk.number.push_back(s.bulk), shear.number.push_back(s.shear);
    ratio.number.push_back(s.poisson_ratio());
  };
  add("dilute", dilute(matrix, inclusion, o.fraction));
  add("Mori-Tanaka", mori_tanaka(matrix, inclusion, o.fraction));
  add("self-consistent", self_consistent(matrix, inclusion, o.fraction));
  add("Hashin-Shtrikman, lower", low);
  add("Hashin-Shtrikman, upper", high);
  return t;
}

void ratios(const PoissonOptions& o, Poisson& r) {
  const Isotropic matrix = {*o.matrix_bulk, *o.matrix_shear}, inclusion = {*o.inclusion_bulk, *o.inclusion_shear};
  for (int k = 0; k <= 50; ++k) {
    const double f = k / 100.0;
    r.fraction.push_back(f);
    r.dilute.push_back(dilute(matrix, inclusion, f).poisson_ratio());
    r.mori_tanaka.push_back(mori_tanaka(matrix, inclusion, f).poisson_ratio());
    r.self_consistent.push_back(self_consistent(matrix, inclusion, f).poisson_ratio());
  }
}

struct Series {
  std::vector<double> x, nu;  ///< G/G0 - 1
  double nu0 = 0;
};

Series series_of(std::span<const Curve> curves, const PoissonOptions& o) {
  std::vector<double> shear;
  Series s;
  for (const Curve& c : curves) {
    const auto &g = c.at("shear_modulus").values, &nu = c.at("poisson_ratio").values;
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (!(g[i] > 0) || !(nu[i] > -1 && nu[i] < 0.5))
        throw InputError(fmt::format("{}, row {}: shear modulus must be positive and Poisson's ratio in (-1, 0.5), got {} GPa and {}",
                                     c.source, i + 1, g[i], nu[i]));
      shear.push_back(g[i]), s.nu.push_back(nu[i]);
    }
  }
  if (s.nu.size() < 4) throw InputError(fmt::format("mechanics/poisson: must have at least 4 states to fit A/B, got {}", s.nu.size()));
  const auto stiffest = std::max_element(shear.begin(), shear.end());
  const double g0 = o.reference_shear.value_or(*stiffest);
  for (const double g : shear) s.x.push_back(g / g0 - 1);
  s.nu0 = s.nu[static_cast<std::size_t>(stiffest - shear.begin())];
  return s;
}

void fit(const Series& s, Poisson& r) {
  const auto found = numeric::least_squares({{"a_over_b", 0.5}, {"nu0", s.nu0, -0.99, 0.499}}, s.x.size(),
                                            [&](std::span<const double> p, std::span<double> residual, double*) {
                                              for (std::size_t i = 0; i < residual.size(); ++i)
                                                residual[i] = s.nu[i] - changed_ratio(p[1], p[0] * s.x[i], s.x[i]);
                                            });
  if (!found.converged) throw NumericalError("mechanics/poisson: the fit of A/B must converge: " + found.message);
  r.a_over_b = {found.value[0], found.error[0], "covariance of the fit"};
  r.matrix_poisson_ratio = {found.value[1], found.error[1], "covariance of the fit"};
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    r.softening_strain.push_back(1 / (1 + s.x[i]) - 1);
    r.fitted_ratio.push_back(changed_ratio(found.value[1], found.value[0] * s.x[i], s.x[i]));
  }
  r.measured_ratio = s.nu;
  for (Measured* m : {&r.poisson_ratio, &r.bulk_modulus, &r.shear_modulus, &r.a, &r.b}) m->note = "needs the four moduli";
}

std::string verdict(const Measured& a_over_b) {
  if (std::isfinite(a_over_b.error) && std::abs(a_over_b.value - 1) < 2 * a_over_b.error)
    return "undecided: A/B is within two standard errors of 1, Poisson's ratio does not change";
  return a_over_b.value < 1 ? "shear softening: Poisson's ratio rises with the liquid-like fraction"
                            : "dilatational softening: Poisson's ratio falls with the liquid-like fraction";
}

void check(const PoissonOptions& o) {
  const auto refuse = [](const char* what, const Isotropic& s) {
    const double nu = s.poisson_ratio();
    if (!(nu > -1 && nu <= 0.5))
      throw InputError(fmt::format("mechanics/poisson: {} must have a Poisson's ratio above -1 and up to 0.5, got {}", what, nu));
  };
  refuse("the matrix", {*o.matrix_bulk, *o.matrix_shear});
  refuse("the inclusion", {*o.inclusion_bulk, *o.inclusion_shear});
}

}  // namespace

Poisson poisson(std::span<const Curve> curves, const PoissonOptions& o, Context& context) {
  const bool moduli = o.matrix_bulk && o.matrix_shear && o.inclusion_bulk && o.inclusion_shear;
  if (!moduli && curves.empty())
    throw InputError(
        "mechanics/poisson: --matrix-bulk, --matrix-shear, --inclusion-bulk and --inclusion-shear (GPa) must be given, or a table of "
        "states");
  Poisson r;
  if (moduli) {
    check(o);
    r = propagated<Poisson>(o, o.errors, evaluated);
    r.estimates = estimates_of(o);
    ratios(o, r);
    if (o.fraction > 0.2)
      context.warn(fmt::format("the dilute form is for fractions up to about 0.2, got {}: see the other estimates", o.fraction));
  }
  if (!curves.empty()) fit(series_of(curves, o), r);
  r.softening = verdict(r.a_over_b);
  return r;
}

const Fields& PoissonOptions::fields() {
  using O = PoissonOptions;
  static const Fields table = {
      field<&O::matrix_bulk>("matrix_bulk", "GPa", "bulk modulus K0 of the solid-like matrix").positive(),
      field<&O::matrix_shear>("matrix_shear", "GPa", "shear modulus G0 of the matrix").positive(),
      field<&O::inclusion_bulk>("inclusion_bulk", "GPa", "bulk modulus K1 of the liquid-like regions").positive(),
      field<&O::inclusion_shear>("inclusion_shear", "GPa", "shear modulus G1 of the liquid-like regions").non_negative(),
      field<&O::fraction>("fraction", "1", "volume fraction of liquid-like regions").range(0, 1),
      field<&O::reference_shear>("reference_shear", "GPa", "G0 of a fit; unset: the largest shear modulus of the table").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& PoissonOptions::columns() {
  static const ColumnRoles roles = {
      {"shear_modulus", "GPa", "shear modulus of a state", true, {"g", "mu"}},
      {"poisson_ratio", "1", "Poisson's ratio of that state", true, {"nu", "poisson", "poisson'sratio"}},
  };
  return roles;
}

const Fields& Poisson::fields() {
  using R = Poisson;
  const char* formula = "follows from the moduli given; their errors are not propagated to this curve";
  static const Fields table = {
      field<&R::poisson_ratio>("poisson_ratio", "1", "dilute estimate"),
      field<&R::bulk_modulus>("bulk_modulus", "GPa", "dilute estimate"),
      field<&R::shear_modulus>("shear_modulus", "GPa", "dilute estimate"),
      field<&R::a>("a", "1", "A: change of the bulk modulus by the liquid-like fraction"),
      field<&R::b>("b", "1", "B: change of the shear modulus by the liquid-like fraction"),
      field<&R::a_over_b>("a_over_b", "1", "below 1: shear softening, above 1: dilatational softening"),
      field<&R::matrix_poisson_ratio>("matrix_poisson_ratio", "1", "of the matrix, or fitted"),
      field<&R::softening>("softening", "", "verdict").exact("follows from a_over_b"),
      field<&R::estimates>("estimates", "", "effective moduli by several estimates and bounds").exact("follow from the moduli given"),
      field<&R::fraction>("fraction", "1", "volume fraction of liquid-like regions").exact("chosen"),
      field<&R::dilute>("dilute", "1", "Poisson's ratio, dilute").over("fraction").exact(formula),
      field<&R::mori_tanaka>("mori_tanaka", "1", "Poisson's ratio, Mori-Tanaka").over("fraction").exact(formula),
      field<&R::self_consistent>("self_consistent", "1", "Poisson's ratio, self-consistent").over("fraction").exact(formula),
      field<&R::softening_strain>("softening_strain", "1", "G0/G - 1 of the table").exact("of the table"),
      field<&R::measured_ratio>("measured_ratio", "1", "Poisson's ratio of the table")
          .over("softening_strain", Plot::points)
          .exact("the table gives no errors"),
      field<&R::fitted_ratio>("fitted_ratio", "1", "the model fitted to it")
          .over("softening_strain", Plot::points)
          .with("measured_ratio")
          .exact("its errors are those of a_over_b"),
  };
  return table;
}

const Analysis& poisson_analysis() {
  static const Analysis entry =
      analysis<&poisson>("mechanics", "poisson", "Poisson's ratio of a solid with liquid-like regions, and which softening it shows",
                         {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), eq. 5.2", "10.1016/j.pmatsci.2019.04.005"},
                          {"Eshelby, Proc. R. Soc. A 241, 376 (1957)", "10.1098/rspa.1957.0133"},
                          {"Hashin, Shtrikman, J. Mech. Phys. Solids 11, 127 (1963)", "10.1016/0022-5096(63)90060-7"}});
  return entry;
}

}  // namespace heteroglass::mechanics
