#include "run/image_options.hpp"

namespace heteroglass::run {

const Fields& ImageOptions::fields() {
  static const Fields table = {
      field<&ImageOptions::channels>("channels", "", "which channel plays which role, e.g. phase=Phase,height=#2"),
      field<&ImageOptions::channel_units>("channel_units", "", "units that the file does not say, by role or channel, e.g. phase=deg"),
      field<&ImageOptions::pixel_size>("pixel_size", "", "width of a pixel, or width:height, where the file does not say: 10nm"),
      field<&ImageOptions::property>("property", "", "what belongs to a whole image: spring_constant=28N/m; one for each: 28:30N/m"),
  };
  return table;
}

}  // namespace heteroglass::run
