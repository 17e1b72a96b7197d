#include "mechanics/core_shell.hpp"

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"

namespace heteroglass::mechanics {
namespace {

constexpr double ev_per_gpa_nm3 = 1e3 / constants::ev_per_cubic_angstrom_in_gpa;

double alpha_of(const CoreShellOptions& o) {
  if (o.elastic_fraction) return 1 / *o.elastic_fraction - 1;
  if (o.affine_strain) return *o.applied_strain / *o.affine_strain - 1;
  return *o.concentration * *o.unrelaxed_modulus * *o.core_volume * ev_per_gpa_nm3 / (constants::boltzmann * o.temperature);
}

CoreShell evaluated(const CoreShellOptions& o) {
  CoreShell r;
  const double alpha = alpha_of(o);
  r.alpha.value = alpha;
  r.elastic_fraction.value = 1 / (1 + alpha);
  r.anelastic_fraction.value = alpha / (1 + alpha);
  if (o.unrelaxed_modulus)
    r.shear_modulus.value = *o.unrelaxed_modulus / (1 + alpha);
  else
    r.shear_modulus.note = "needs --unrelaxed-modulus";
  if (o.unrelaxed_modulus && o.core_volume)
    r.concentration.value = alpha * constants::boltzmann * o.temperature / (*o.unrelaxed_modulus * *o.core_volume * ev_per_gpa_nm3);
  else
    r.concentration.note = "needs --unrelaxed-modulus and --core-volume";
  return r;
}

}  // namespace

CoreShell core_shell(const CoreShellOptions& o, Context& context) {
  const int ways = o.elastic_fraction.has_value() + (o.affine_strain && o.applied_strain) + o.concentration.has_value();
  if (ways != 1)
    throw InputError(
        fmt::format("mechanics/core_shell: exactly one of --elastic-fraction, --affine-strain with --applied-strain, or "
                    "--concentration must be given, got {}",
                    ways));
  if (o.concentration && !(o.unrelaxed_modulus && o.core_volume))
    throw InputError("mechanics/core_shell: --concentration needs --unrelaxed-modulus and --core-volume too");
  CoreShell r = propagated<CoreShell>(o, o.errors, evaluated);
  if (r.alpha.value < 0)
    context.warn("the affine strain is larger than the applied strain: alpha is negative, which no core-shell solid can have");
  return r;
}

const Fields& CoreShellOptions::fields() {
  static const Fields table = {
      field<&CoreShellOptions::elastic_fraction>("elastic_fraction", "1", "elastic share z of the applied strain")
          .range(1e-6, 1)
          .alias("z"),
      field<&CoreShellOptions::affine_strain>("affine_strain", "1", "elastic strain, e.g. from the l = 2 pair distribution"),
      field<&CoreShellOptions::applied_strain>("applied_strain", "1", "whole strain"),
      field<&CoreShellOptions::concentration>("concentration", "1", "b: cores an atomic volume times the square of their strain")
          .positive(),
      field<&CoreShellOptions::unrelaxed_modulus>("unrelaxed_modulus", "GPa", "shear modulus G_inf without relaxing cores").positive(),
      field<&CoreShellOptions::core_volume>("core_volume", "nm^3", "volume W_v of a liquid-like core").positive().alias("stz_volume"),
      field<&CoreShellOptions::temperature>("temperature", "K", "temperature").positive(),
      field<&CoreShellOptions::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& CoreShell::fields() {
  static const Fields table = {
      field<&CoreShell::alpha>("alpha", "1", "ratio of anelastic to elastic strain"),
      field<&CoreShell::elastic_fraction>("elastic_fraction", "1", "elastic share z of the strain"),
      field<&CoreShell::anelastic_fraction>("anelastic_fraction", "1", "anelastic share 1 - z"),
      field<&CoreShell::shear_modulus>("shear_modulus", "GPa", "relaxed shear modulus G"),
      field<&CoreShell::concentration>("concentration", "1", "b"),
  };
  return table;
}

const Analysis& core_shell_analysis() {
  static const Analysis entry =
      analysis<&core_shell>("mechanics", "core_shell", "modulus and anelastic strain of liquid-like cores in a solid",
                            {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), eq. 5.1", "10.1016/j.pmatsci.2019.04.005"}});
  return entry;
}

}  // namespace heteroglass::mechanics
