/// Flow and kinetics of free volume after Spaepen; symbols in free_volume.hpp.
#pragma once

#include <vector>

namespace heteroglass::theory {

struct Spaepen {
  double kt = 0;               ///< [eV]
  double critical_volume = 0;  ///< [angstrom^3]
  double overlap = 1;
  double jump_rate = 0;          ///< [1/s] nu exp(-dG/kT)
  double activation_volume = 0;  ///< [angstrom^3]
  double shear_modulus = 0;      ///< [GPa]
  double poisson = 0;
  double annihilation_jumps = 0;

  double defects(double free_volume) const;
  double strain_rate(double stress, double free_volume) const;  ///< [1/s], stress in GPa
  double creation(double stress, double free_volume) const;     ///< [angstrom^3/s]
  double annihilation(double free_volume) const;                ///< [angstrom^3/s]
  double steady_free_volume(double stress) const;               ///< [angstrom^3]
  double newtonian_viscosity(double free_volume) const;         ///< [Pa s]
};

/// A test at constant shear rate.
struct SpaepenTest {
  std::vector<double> strain, stress, free_volume;
};
/// Adaptive Bogacki-Shampine steps, 1e-7 relative. @throws NumericalError when it needs more than a million
SpaepenTest constant_rate_test(const Spaepen& law, double free_volume, double rate, double strain_max);

}  // namespace heteroglass::theory
