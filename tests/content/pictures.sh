#!/bin/sh
# Writes pictures with and without faces, for test_photos.c: pictures.sh PHOTOS
#
# Each is a line, "FACES NAME", and a PPM of at most 1280 pixels a side, as the program looks at them; "end" is the last line.
# How many faces are in the photos was counted by eye.
set -eu
cd "$1"

picture() { # FACES NAME ARGUMENTS OF convert...
  echo "$1 $2"
  shift 2
  convert "$@" -filter box -resize '1280x1280>' -depth 8 ppm:-
}
drawn() { # SOURCE OF lavfi, without faces
  echo "0 $1"
  ffmpeg -nostdin -v error -f lavfi -i "$1=size=960x720" -frames:v 1 -f image2pipe -c:v ppm -
}

copies() { # FACES NAME ARGUMENTS OF convert, which read a picture
  faces=$1 name=$2
  shift 2
  picture "$faces" "$name" "$@"
  picture "$faces" "$name-mirrored" "$@" -flop
  picture "$faces" "$name-half" "$@" -scale 50%
  picture "$faces" "$name-double" "$@" -scale 200%
  picture "$faces" "$name-padded" "$@" -bordercolor grey -border 10%
  picture "$faces" "$name-on-square" "$@" -background black -gravity north -extent 1920x1920
  convert "$@" -scale 50% -quality 30 jpg:- | picture "$faces" "$name-poor" -
}

for counted in sample1:3 sample2:3 sample3:3 sample4:4 sample5:5 sample6:4; do
  copies "${counted#*:}" "${counted%:*}" "${counted%:*}.jpg"
done
for one in sample1:480x600+270+195 sample2:480x750+1320+0 sample3:510x750+450+150 sample4:330x570+600+30 \
  sample5:570x555+150+795 sample6:510x1005+90+345; do
  copies 1 "${one%:*}-one" "${one%:*}.jpg" -crop "${one#*:}" +repage
done
for none in sample1:1920x580+0+700 sample2:1920x847+0+520 sample3:1920x710+0+640 sample4:1920x928+0+520 \
  sample5:1320x698+600+700 sample6:1920x687+0+850; do
  picture 0 "${none%:*}-bodies" "${none%:*}.jpg" -crop "${none#*:}" +repage
done

for source in testsrc testsrc2 rgbtestsrc smptebars smptehdbars mandelbrot yuvtestsrc; do
  drawn "$source"
done
picture 0 black -size 800x600 xc:black
picture 0 skin -size 800x600 xc:#e0ac69
picture 0 gradient -size 800x600 gradient:navy-gold
picture 0 glow -size 800x600 radial-gradient:wheat-sienna
picture 0 plasma -size 800x600 -seed 1 plasma:fractal
picture 0 noise -size 800x600 xc:grey -seed 2 +noise Random
picture 0 checks -size 200x150 tile:pattern:checkerboard -scale 400%
picture 0 bricks -size 800x600 tile:pattern:bricks
picture 0 discs -size 800x600 xc:wheat -fill brown -draw 'circle 300,300 330,300 circle 500,100 560,100 circle 120,480 180,480'
picture 0 hills -size 1200x800 gradient:skyblue-white -fill gold -draw 'circle 900,200 960,200' -fill forestgreen \
  -draw 'polygon 0,800 0,500 300,400 700,600 1200,450 1200,800' -fill saddlebrown -draw 'rectangle 200,350 230,480' \
  -fill darkgreen -draw 'circle 215,310 275,310'
picture 0 forest -size 1200x800 -seed 3 plasma:darkgreen-olive -blur 0x2
picture 0 sea -size 1200x800 -seed 4 plasma:navy-lightblue -motion-blur 0x20
echo end
