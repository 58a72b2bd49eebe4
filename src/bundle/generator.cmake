# Read by cpack for each kind of package: an archive has one folder, the same for all components, a Debian package none.
if(CPACK_GENERATOR STREQUAL TGZ)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
endif()
