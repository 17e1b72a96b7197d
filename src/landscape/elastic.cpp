#include "landscape/elastic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "landscape/moduli.hpp"
#include "landscape/relax.hpp"
#include "landscape/strain_response.hpp"

namespace heteroglass::landscape {
namespace {

using potential::Stiffness;
using potential::Voigt;

Matrix as_matrix(const Stiffness& c) {
  Matrix m(6, 6);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j) m(i, j) = c[i][j];
  return m;
}

/// 1 + e for a strain of component k, shears as gamma / 2 on both sides.
Mat3 strained(std::size_t k, double e) {
  constexpr std::size_t row[6] = {0, 1, 2, 1, 0, 0}, column[6] = {0, 1, 2, 2, 2, 1};
  Mat3 f = Mat3::identity();
  if (k < 3)
    f[k][k] += e;
  else
    f[row[k]][column[k]] += e / 2, f[column[k]][row[k]] += e / 2;
  return f;
}

/// Stress [GPa] after straining and relaxing.
Voigt relaxed_stress(Harmonic& minimum, std::size_t k, double e, const ElasticOptions& o, bool& converged, Context& context) {
  const Mat3 f = strained(k, e);
  const Box& old = minimum.frame().box;
  const Box box(f * old.edges(), f * old.origin(), old.periodicity());
  std::vector<Vec3> position = minimum.frame().position, force(position.size());
  for (Vec3& r : position) r = f * r;
  const Relaxed relaxed = relax(minimum.calculator(), box, position, {.force_tolerance = o.force_tolerance, .frozen = {}}, context);
  converged = converged && relaxed.converged;
  Voigt stress{};
  minimum.calculator().forces(box, position, force, &stress);
  for (double& s : stress) s *= minimum.pressure_unit() / box.volume();
  return stress;
}

Stiffness finite_strain(Harmonic& minimum, const ElasticOptions& o, Context& context) {
  Stiffness c{};
  bool converged = true;
  for (std::size_t k = 0; k < 6; ++k) {
    if (minimum.dimension() == 2 && (k == 2 || k == 3 || k == 4)) continue;
    context.progress(static_cast<double>(k) / 6, "finite strains");
    const Voigt up = relaxed_stress(minimum, k, o.strain, o, converged, context),
                down = relaxed_stress(minimum, k, -o.strain, o, converged, context);
    for (std::size_t i = 0; i < 6; ++i) c[i][k] = (up[i] - down[i]) / (2 * o.strain);
  }
  if (!converged)
    context.warn(
        fmt::format("not all strained cells reached forces below {:.1e}: the constants of finite strain are too large", o.force_tolerance));
  return c;
}

void choose(const ElasticOptions& o, const Moduli& m, int dimension, Elastic& out) {
  out.bulk_modulus = m.bulk, out.shear_modulus = m.shear, out.youngs_modulus = m.youngs, out.poisson_ratio = m.poisson;
  for (Measured* value : {&out.bulk_modulus, &out.shear_modulus, &out.youngs_modulus, &out.poisson_ratio})
    if (value->error < 1e-9 * std::abs(value->value)) *value = {value->value, std::nan(""), "the same in all directions, to rounding"};
  if (o.average == "hill") return;
  out.bulk_modulus.value = o.average == "voigt" ? m.bulk_voigt : m.bulk_reuss;
  out.shear_modulus.value = o.average == "voigt" ? m.shear_voigt : m.shear_reuss;
  const double k = out.bulk_modulus.value, g = out.shear_modulus.value;
  out.youngs_modulus.value = dimension == 2 ? 4 * k * g / (k + g) : 9 * k * g / (3 * k + g);
  out.poisson_ratio.value = dimension == 2 ? (k - g) / (k + g) : (3 * k - 2 * g) / (6 * k + 2 * g);
}

void tell(const Harmonic& minimum, const Elastic& r, Context& context) {
  const std::string unit = unit_in(minimum.frame().units, "GPa");
  double most = 0;
  for (const double s : r.stress) most = std::max(most, std::abs(s));
  if (most > 0.01 * std::abs(r.shear_modulus.value))
    context.warn(fmt::format(
        "the frame is under stress (largest component {:.3g} {}): stiffness is the slope of the Cauchy stress at that stress", most, unit));
  if (!minimum.frame().box.fully_periodic())
    context.warn("the box has open sides: moduli are per volume of the box, which may be partly empty");
  if (r.shear_modulus.value <= 0)
    context.warn(
        fmt::format("the shear modulus is not positive ({:.3g} {}): the frame is not stable under shear", r.shear_modulus.value, unit));
}

}  // namespace

Elastic elastic(const Frame& frame, const ElasticOptions& o, Context& context) {
  Harmonic minimum(frame, potential::load(o.potential, frame, context), o.force_limit);
  const int d = static_cast<int>(minimum.dimension());
  Elastic out;
  out.component = {"xx", "yy", "zz", "yz", "xz", "xy"};
  out.residual_force = minimum.residual_force();
  const potential::BornTerms born = minimum.calculator().born();
  Stiffness slope{}, affine{};
  Voigt stress{};
  for (std::size_t k = 0; k < 6; ++k) stress[k] = minimum.pressure_unit() * born.stress[k];
  for (std::size_t k = 0; k < 6; ++k)
    for (std::size_t l = 0; l < 6; ++l) affine[k][l] = minimum.pressure_unit() * born.stiffness[k][l];
  affine = stress_slope(affine, stress, d);
  if (o.method != "finite-strain") {
    const StrainResponse response = strain_response(minimum, o.solver, o.tolerance, context);
    slope = response.slope;
    out.iterations = response.iterations;
  }
  out.method_difference = std::numeric_limits<double>::quiet_NaN();
  if (o.method != "born") {
    const Stiffness finite = finite_strain(minimum, o, context);
    out.stiffness_finite_strain = as_matrix(finite);
    if (o.method == "both") {
      double largest = 0, difference = 0;
      for (std::size_t k = 0; k < 6; ++k)
        for (std::size_t l = 0; l < 6; ++l)
          largest = std::max(largest, std::abs(slope[k][l])), difference = std::max(difference, std::abs(slope[k][l] - finite[k][l]));
      out.method_difference = difference / largest;
      if (out.method_difference > 0.01)
        context.warn(fmt::format(
            "finite strain and Born differ by {:.2g} of the largest constant: an atom gave way within a strain of {:.1e}; try a "
            "smaller --strain, or look for a very soft mode",
            out.method_difference, o.strain));
    } else {
      slope = finite;
    }
  }
  out.stiffness = as_matrix(slope), out.stiffness_affine = as_matrix(affine);
  out.stress.assign(stress.begin(), stress.end());
  const Moduli m = moduli(slope, d), a = moduli(affine, d);
  choose(o, m, d, out);
  out.shear_modulus_affine = a.shear, out.bulk_modulus_affine = a.bulk;
  out.bulk_modulus_voigt = m.bulk_voigt, out.bulk_modulus_reuss = m.bulk_reuss;
  out.shear_modulus_voigt = m.shear_voigt, out.shear_modulus_reuss = m.shear_reuss;
  out.anisotropy = m.anisotropy;
  // F = 1 + gamma e_x e_y turns by gamma / 2: the stress turns with it.
  out.simple_shear = {slope[3][3] + (stress[2] - stress[1]) / 2, slope[4][4] + (stress[2] - stress[0]) / 2,
                      slope[5][5] + (stress[1] - stress[0]) / 2};
  tell(minimum, out, context);
  return out;
}

const Fields& ElasticOptions::fields() {
  static const Fields table = {
      field<&ElasticOptions::potential>("potential", "", "file, alias or built-in potential that the frame is a minimum of"),
      field<&ElasticOptions::method>("method", "", "Born and nonaffine parts, finite strains, or both")
          .one_of({"born", "finite-strain", "both"}),
      field<&ElasticOptions::average>("average", "", "of directions, for the moduli").one_of({"hill", "voigt", "reuss"}),
      field<&ElasticOptions::solver>("solver", "", "of the nonaffine displacements; auto: conjugate gradients")
          .one_of({"auto", "conjugate-gradients", "cholesky"}),
      field<&ElasticOptions::strain>("strain", "1", "step of finite-strain").range(1e-8, 1e-2),
      field<&ElasticOptions::force_limit>("force_limit", "eV/angstrom", "largest force of a frame that counts as a minimum").positive(),
      field<&ElasticOptions::force_tolerance>("force_tolerance", "eV/angstrom", "of the minimisations of finite-strain").positive(),
      field<&ElasticOptions::tolerance>("tolerance", "1", "relative residual of the nonaffine displacements").range(1e-14, 0.1),
  };
  return table;
}

const Fields& Elastic::fields() {
  const std::string frame = "of this frame; how a glass of this size scatters is in the errors of the moduli";
  static const Fields table = {
      field<&Elastic::component>("component", "", "of the rows and columns"),
      field<&Elastic::stiffness>("stiffness", "GPa", "slope of the Cauchy stress against strain, Voigt order, shears as gamma")
          .labelled("component")
          .exact(frame),
      field<&Elastic::stiffness_affine>("stiffness_affine", "GPa", "the same without relaxation of the atoms (Born)")
          .labelled("component")
          .exact(frame),
      field<&Elastic::stiffness_finite_strain>("stiffness_finite_strain", "GPa", "the same by straining and relaxing; empty when not asked")
          .labelled("component")
          .exact(frame),
      field<&Elastic::bulk_modulus>("bulk_modulus", "GPa", "K"),
      field<&Elastic::shear_modulus>("shear_modulus", "GPa", "G"),
      field<&Elastic::youngs_modulus>("youngs_modulus", "GPa", "E"),
      field<&Elastic::poisson_ratio>("poisson_ratio", "1", "nu"),
      field<&Elastic::shear_modulus_affine>("shear_modulus_affine", "GPa", "G without relaxation of the atoms, Hill"),
      field<&Elastic::bulk_modulus_affine>("bulk_modulus_affine", "GPa", "K without relaxation of the atoms, Hill"),
      field<&Elastic::bulk_modulus_voigt>("bulk_modulus_voigt", "GPa", "K at equal strain").exact(frame),
      field<&Elastic::bulk_modulus_reuss>("bulk_modulus_reuss", "GPa", "K at equal stress").exact(frame),
      field<&Elastic::shear_modulus_voigt>("shear_modulus_voigt", "GPa", "G at equal strain").exact(frame),
      field<&Elastic::shear_modulus_reuss>("shear_modulus_reuss", "GPa", "G at equal stress").exact(frame),
      field<&Elastic::simple_shear>("simple_shear", "GPa", "initial slope of quasistatic simple shear in the planes yz, xz, xy")
          .exact(frame),
      field<&Elastic::anisotropy>("anisotropy", "1", "universal index 5 G_V/G_R + K_V/K_R - 6; 0: isotropic").exact(frame),
      field<&Elastic::method_difference>("method_difference", "1", "largest difference of the two methods over the largest constant")
          .exact("a difference"),
      field<&Elastic::stress>("stress", "GPa", "of the frame, positive in tension: xx, yy, zz, yz, xz, xy").exact(frame),
      field<&Elastic::residual_force>("residual_force", "eV/angstrom", "largest force on an atom of the frame").exact(frame),
      field<&Elastic::iterations>("iterations", "1", "of conjugate gradients").exact("a count"),
  };
  return table;
}

const Analysis& elastic_analysis() {
  static const Analysis entry =
      analysis<&elastic>("landscape", "elastic", "elastic constants of a minimum: affine and nonaffine, or by finite strain",
                         {{"Lutsko, J. Appl. Phys. 65, 2991 (1989)", "10.1063/1.342716"},
                          {"Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006)", "10.1007/s10955-005-9015-5"},
                          {"Barron, Klein, Proc. Phys. Soc. 85, 523 (1965)", "10.1088/0370-1328/85/3/313"},
                          {"Ranganathan, Ostoja-Starzewski, Phys. Rev. Lett. 101, 055504 (2008)", "10.1103/PhysRevLett.101.055504"}});
  return entry;
}

}  // namespace heteroglass::landscape
