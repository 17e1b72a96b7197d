/// Images of scanning-probe microscopes, and maps in general: channels on one grid with their units and the instrument's settings.
///
/// Told by content: Gwyddion .gwy (GWYP; the older GWYO of Gwyddion 1 is refused) and .gsf, Asylum Research .ibw (Igor binary wave,
/// version 5), Bruker Nanoscope .spm, .000 ... , Nanosurf .nid, a TIFF, NRRD or MetaImage of one page, and a matrix of numbers as text.
/// Rows are handed over from the top of the image down; the formats that store them from the bottom (.ibw, Nanoscope, .nid) are turned.
/// Units of channels are those of the file and empty where it says none. Pixels may be oblong. Masked pixels are NaN.
///
/// Properties, where the file has them (one name for all makers):
///     spring_constant [N/m]   quality [1]   drive_frequency, resonance_frequency [Hz]   free_amplitude [nm]   free_phase [deg]
///     inverse_optical_lever_sensitivity, amplitude_sensitivity [nm/V] (deflection, oscillation)   amplitude_setpoint [V]
/// A setting that is nominal (of the type of cantilever, not of this one) is said in a warning.
#pragma once

#include <string>

#include "core/image.hpp"

namespace heteroglass::io {

/// @throws FormatError for damaged files, for files that hold no image, and for kinds that are not read, with the reason
Image read_image(const std::string& path);

}  // namespace heteroglass::io
