/// From a measured intensity to the structure factor S(Q), and its correction by what must be so at small r.
///
///     I_s = I - b I_b,   divided by the absorption of a plate       b: background scale
///     S(Q) = [alpha I_s - C - (<f^2> - <f>^2)] / <f>^2              Faber-Ziman; C: Compton
///     alpha from int Q^2 [S(Q) - 1] dQ = -2 pi^2 rho_0              Krogh-Moe, Norman
///
/// Below the first point S is taken as S(Q_1) (Q / Q_1)^2. No two atoms are closer than r_cutoff, so that F(r) = (2/pi) int Q [S - 1] sin(Qr) dQ
/// must be -4 pi rho_0 r there. Each iteration takes the difference D(r) = F(r) + 4 pi rho_0 r on r < r_cutoff away,
///
///     eggert:  S <- S [1 - (1/Q) int_0^r_cutoff D(r) sin(Qr) dr]            kaplow:  S <- S - (1/Q) int_0^r_cutoff D(r) sin(Qr) dr
///
/// of which the first heals errors of scale and the second those that add up. Density and background scale are refined by least
/// squares of D after one iteration: after several any density would pass. Their error is the spread when r_cutoff moves by 5 % and
/// Q_max by half an oscillation.
/// Not for multiple scattering and fluorescence, which b cannot mimic. Cost O(points of Q x points of r) an iteration.
/// References: Krogh-Moe, Acta Cryst. 9, 951 (1956), doi:10.1107/S0365110X56002655; Norman, Acta Cryst. 10, 370 (1957),
/// doi:10.1107/S0365110X57001085; Kaplow, Strong, Averbach, Phys. Rev. 138, A1336 (1965), doi:10.1103/PhysRev.138.A1336; Eggert, Weck,
/// Loubeyre, Mezouar, Phys. Rev. B 65, 174105 (2002), doi:10.1103/PhysRevB.65.174105.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/field.hpp"
#include "probes/scattering/diffraction.hpp"

namespace heteroglass::probes {

/// Options shared by the probes that read intensities.
struct ReductionOptions {
  std::string composition = {}, density = {};
  std::optional<double> q_min = {}, q_max = {};  ///< [1/angstrom]
  std::string background = {};                   ///< which input curve
  std::optional<double> background_scale = {};   ///< unset: refined
  bool refine_density = false;
  std::string radiation = "xray";
  std::string compton = "subtract";
  std::optional<double> energy = {};  ///< [keV]
  double recoil_exponent = 2;
  double absorption = 0;  ///< mu t
  bool counts = false;
  std::string normalisation = "krogh-moe";
  std::string correction = "eggert";
  int iterations = 3;
  std::optional<double> r_cutoff = {};  ///< [angstrom]
  static const Fields& fields();
  PatternSettings settings() const { return {q_min, q_max, energy, counts}; }
};

struct StructureFactorCurve {
  std::vector<double> q, s, s_error;  ///< with the points below the first measured one
  std::vector<double> s_raw;          ///< before the correction at small r
  std::size_t measured = 0;           ///< first measured point
  Measured scale, background_scale, density;
  double r_cutoff = NAN;
  double residual = NAN;  ///< rms of D(r) over 4 pi rho_0 r_cutoff, after the correction
  std::string error_note;
};

/// F(r) = (2/pi) int Q [S(Q) - 1] M(Q) sin(Qr) dQ at r; M = 1 where `window` is empty.
std::vector<double> sine_transform(std::span<const double> q, std::span<const double> s, std::span<const double> window, double r_step,
                                   std::size_t count, double r_first = 0);

/// @param sample intensity or S(Q) @param background nullptr: none (a column of the sample's file goes first)
/// @throws InputError for what is missing or does not fit together
StructureFactorCurve reduced(const Pattern& sample, const Pattern* background, const ReductionOptions& options, Context& context);

/// The sample among the curves and its background: one curve, or as many as there are that --background does not name.
struct SampleAndBackground {
  std::vector<std::size_t> samples;
  std::optional<std::size_t> background;
};
SampleAndBackground sample_and_background(std::span<const Curve> curves, const std::string& background);

/// The curves of a sample, those of them that `label` sets apart (empty: none), and the background.
struct PartedCurves {
  std::vector<Curve> loaded, apart;
  std::optional<Curve> background;
};
/// `flag` is the option that gave the label, for messages. @throws InputError when a label means none of the curves
PartedCurves parted(std::span<const Curve> curves, const std::string& background, const std::string& label, const std::string& flag);

}  // namespace heteroglass::probes
