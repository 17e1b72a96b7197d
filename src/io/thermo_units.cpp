#include "io/thermo_units.hpp"

#include <algorithm>
#include <initializer_list>

namespace heteroglass::io {
namespace {

enum class Quantity { none, pure, time, temperature, pressure, energy, length, volume, density, angle, seconds };

bool any_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Keywords of https://docs.lammps.org/thermo_style.html
Quantity quantity(std::string_view k) {
  if (any_of(k, {"Step", "Elapsed", "Elaplong", "Atoms", "Nbuild", "Ndanger", "Part"})) return Quantity::pure;
  if (any_of(k, {"Time", "Dt"})) return Quantity::time;
  if (any_of(k, {"CPU", "CPULeft", "T/CPU", "S/CPU", "Timeremain"}))
    return k == "CPU" || k == "CPULeft" ? Quantity::seconds : Quantity::none;
  if (k == "Temp") return Quantity::temperature;
  if (any_of(k, {"Press", "Pxx", "Pyy", "Pzz", "Pxy", "Pxz", "Pyz"})) return Quantity::pressure;
  if (any_of(k, {"PotEng", "KinEng", "TotEng", "Enthalpy", "E_vdwl", "E_coul", "E_pair", "E_bond", "E_angle", "E_dihed", "E_impro", "E_mol",
                 "E_long", "E_tail", "Ecouple", "Econserve"}))
    return Quantity::energy;
  if (any_of(k, {"Lx", "Ly", "Lz", "Xlo", "Xhi", "Ylo", "Yhi", "Zlo", "Zhi", "Xy", "Xz", "Yz", "Cella", "Cellb", "Cellc"}))
    return Quantity::length;
  if (k == "Volume") return Quantity::volume;
  if (k == "Density") return Quantity::density;
  if (any_of(k, {"CellAlpha", "CellBeta", "CellGamma"})) return Quantity::angle;
  return Quantity::none;
}

}  // namespace

std::string thermo_unit(std::string_view keyword, UnitSystem system) {
  const Quantity q = quantity(keyword);
  const bool real = system == UnitSystem::real, lj = system == UnitSystem::lj;
  if (q == Quantity::pure) return "1";
  if (q == Quantity::seconds) return "s";
  if (system == UnitSystem::unknown) return "";
  const auto pick = [&](const char* metal, const char* in_real, const char* in_lj) {
    return std::string(lj ? in_lj : real ? in_real : metal);
  };
  switch (q) {
    case Quantity::time:
      return pick("ps", "fs", "tau");
    case Quantity::temperature:
      return pick("K", "K", "epsilon");
    case Quantity::pressure:
      return pick("bar", "atm", "epsilon/sigma^3");
    case Quantity::energy:
      return pick("eV", "kcal/mol", "epsilon");
    case Quantity::length:
      return pick("angstrom", "angstrom", "sigma");
    case Quantity::volume:
      return pick("angstrom^3", "angstrom^3", "sigma^3");
    case Quantity::density:
      return pick("g/cm^3", "g/cm^3", "1/sigma^3");
    case Quantity::angle:
      return "deg";
    default:
      return "";
  }
}

}  // namespace heteroglass::io
