#include "probes/afm/oscillator.hpp"

namespace heteroglass::probes {

const Fields& Cantilever::fields() {
  using O = Cantilever;
  static const Fields table = {
      field<&O::spring_constant>("spring_constant", "N/m", "static spring constant k of the cantilever").positive(),
      field<&O::quality>("quality", "1", "quality factor Q of the free resonance").range(2, 1e6),
      field<&O::frequency>("resonance_frequency", "kHz", "free resonance").positive(),
      field<&O::free_amplitude>("free_amplitude", "nm", "free amplitude at resonance A0 = Q F0/k").positive(),
      field<&O::frequency_ratio>("frequency_ratio", "1", "drive over resonance frequency").range(0.5, 1.5),
  };
  return table;
}

const Fields& TipSurface::fields() {
  using O = TipSurface;
  static const Fields table = {
      field<&O::radius>("tip_radius", "nm", "radius of the tip's end").positive(),
      field<&O::modulus>("modulus", "GPa", "modulus of the contact E*").positive(),
      field<&O::hamaker>("hamaker", "eV", "Hamaker constant while the tip comes; 1e-19 J is 0.62 eV").non_negative(),
      field<&O::contact>("contact_distance", "nm", "distance at which contact begins").positive(),
      field<&O::long_range>("long_range", "eV", "Hamaker constant larger by that much while the tip goes, out of contact").non_negative(),
      field<&O::adhesion>("adhesion", "eV", "Hamaker constant larger by that much while the tip goes, in contact").non_negative(),
      field<&O::viscosity>("viscosity", "Pa*s", "viscosity of the contact").non_negative(),
  };
  return table;
}

}  // namespace heteroglass::probes
