/// Files of measuring instruments and spreadsheets, one reader each. All give one Curve for each step, segment or sample, with the
/// units that the file states, and properties (mass, exotherm, temperature) that its header states.
///
/// All throw FormatError with path and line for what is damaged. The text is already UTF-8 (io/encoding.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/curve.hpp"

namespace heteroglass::io {

/// TA Instruments Universal Analysis: `Nsig`, `Sig1` ..., `StartOfData`, rows that begin with -1 mark events.
std::vector<Curve> read_ta_universal(const std::string& path, std::string_view text);
/// TA Instruments TRIOS: `[step]` blocks, as text export or as LIMS export.
std::vector<Curve> read_trios(const std::string& path, std::string_view text);
/// NETZSCH Proteus: `#KEY:value`, `##Temp./°C;...`; DATA ALL, DATA SINGLE and DATA COMPARE (samples side by side).
std::vector<Curve> read_netzsch(const std::string& path, std::string_view text);
/// Mettler-Toledo STARe: blocks `Curve Name:`, `Curve Values:`.
std::vector<Curve> read_mettler(const std::string& path, std::string_view text);
/// Setaram Calisto and Setsoft: a preamble, then columns between semicolons or aligned by blanks.
std::vector<Curve> read_setaram(const std::string& path, std::string_view text);
/// Bähr Thermoanalyse: a preamble of keys, decimal commas.
std::vector<Curve> read_baehr(const std::string& path, std::string_view text);
/// Perkin-Elmer Pyris: a preamble, names of columns over two lines.
std::vector<Curve> read_perkin_elmer(const std::string& path, std::string_view text);
/// RepTate: a first line of `key=value;`, then .osc with names and units, or bare numbers (.tts: omega G' G'', .gt: t G).
std::vector<Curve> read_reptate(const std::string& path, std::string_view text);
/// Hysitron and Bruker indenters: `Number of Points = N`, then depth, load and time; N is checked.
std::vector<Curve> read_hysitron(const std::string& path, std::string_view text);
/// CSM and Anton Paar indenters: a report (`Data : 1`, ... of each parameter, `--.--` for none; its mean and number are checked) or a list
/// of parameters (group, measurement, parameter, unit, value) gives a row for each indent; `X_NAME_Time_[s]  Y_NAME_Fn_[mN] ...` curves.
std::vector<Curve> read_anton_paar(const std::string& path, std::string_view text);
/// Fischer indenters: blocks of `F h t`; the units are those of the header when its values are found in the rows, else not said.
std::vector<Curve> read_fischer(const std::string& path, std::string_view text);
/// Diffraction: Fit2D .chi, pyFAI, PDFgetX2, PDFgetX3, GSAS-II. Columns are called q or two_theta or r, and intensity,
/// structure_factor, reduced_structure_factor, g_reduced, with _error; `azimuth` and `wavelength` of the header become properties.
std::vector<Curve> read_scattering(const std::string& path, std::string_view text);
/// By the beginning of the file.
bool is_scattering(std::string_view head);
/// Names of the columns of .iq .sq .fq .gr files that give none; their units stay unknown.
void name_by_extension(const std::string& path, std::vector<Curve>& curves);
/// Excel 97 to 2003, one Curve for each table on each sheet.
std::vector<Curve> read_xls(const std::string& path);
/// Excel 2007 and later.
std::vector<Curve> read_xlsx(const std::string& path);

}  // namespace heteroglass::io
